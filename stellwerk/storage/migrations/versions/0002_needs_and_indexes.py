"""Needs stand with their work package, entries say if they have an effect; more indexes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_REFERENCES = (
    ("tasks", "route_uid"),
    ("work_packages", "task_uid"),
    ("work_packages", "assignee_uid"),
    ("edges", "head_uid"),
    ("switches", "route_uid"),
    ("options", "switch_uid"),
    ("options", "head_uid"),
)


def upgrade() -> None:
    """Bring the schema to this revision."""
    _move_needs()
    _tell_effects()
    for table, column in _REFERENCES:
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.drop_index("ix_journal_standing", "journal")
    standing = ["goal_uid", "author", "undone_by", "revision", "kind"]
    op.create_index("ix_journal_standing", "journal", standing)
    latest = ["goal_uid", "author", "kind", "revision"]
    op.create_index("ix_journal_latest", "journal", latest)
    effect = ["goal_uid", "in_effect", "revision", "undoes"]
    op.create_index("ix_journal_effect", "journal", effect)


def _move_needs() -> None:
    column = sa.Column("needs", sa.Text(), nullable=False, server_default="")
    op.add_column("work_packages", column)
    connection = op.get_bind()
    needs: dict[str, list[str]] = {}
    for uid, on in connection.execute(sa.text("SELECT uid, on_uid FROM needs")):
        needs.setdefault(uid, []).append(on)
    update = sa.text("UPDATE work_packages SET needs = :needs WHERE uid = :uid")
    for uid, ons in needs.items():
        connection.execute(update, {"uid": uid, "needs": " ".join(sorted(ons))})
    op.drop_table("needs")


def _tell_effects() -> None:
    default = sa.text("1")
    column = sa.Column("in_effect", sa.Integer(), nullable=False, server_default=default)
    op.add_column("journal", column)
    connection = op.get_bind()
    query = "SELECT goal_uid, revision, undone_by FROM journal ORDER BY revision DESC"
    effective: dict[tuple[str, int], bool] = {}
    for goal, revision, undone_by in connection.execute(sa.text(query)).fetchall():
        effective[goal, revision] = not effective.get((goal, undone_by or 0), False)
    update = sa.text(
        "UPDATE journal SET in_effect = 0 WHERE goal_uid = :goal AND revision = :revision"
    )
    for (goal, revision), effect in effective.items():
        if not effect:
            connection.execute(update, {"goal": goal, "revision": revision})
