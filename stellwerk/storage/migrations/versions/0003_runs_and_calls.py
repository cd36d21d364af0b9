"""Runs and calls hold all there is to know of them, so that a run can be resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_RUN_STATUSES = frozenset({"running", "interrupted", "failed", "done"})
_CALL_STATUSES = frozenset({"started", "done", "failed"})


def upgrade() -> None:
    """Bring the schema to this revision."""
    connection = op.get_bind()
    runs = connection.execute(sa.text("SELECT * FROM runs")).mappings().fetchall()
    op.drop_index("ix_runs_goal_uid", "runs")
    op.drop_index("ix_calls_content_key", "calls")
    op.drop_index("ix_calls_run_uid", "calls")
    op.rename_table("calls", "old_calls")
    op.drop_table("runs")
    made = _make_runs()
    for run in runs:
        connection.execute(made.insert(), _run(run))
    made = _make_calls()
    for call in _rows(connection):
        connection.execute(made.insert(), _call(call))
    op.drop_table("old_calls")


def _rows(connection: sa.Connection) -> Iterator[sa.RowMapping]:
    """Yield the old calls one by one, for their texts may be long."""
    query = sa.text("SELECT uid FROM old_calls ORDER BY started_at, uid")
    one = sa.text("SELECT * FROM old_calls WHERE uid = :uid")
    for (uid,) in connection.execute(query).fetchall():
        yield from connection.execute(one, {"uid": uid}).mappings().fetchall()


def _run(old: sa.RowMapping) -> dict[str, Any]:
    """Return a run as it is kept from now on; it could not be resumed before."""
    same = ("uid", "goal_uid", "started_at", "finished_at", "error")
    limits = ("max_cost_micro", "max_calls", "max_tokens")
    return {name: old[name] for name in (*same, *limits)} | {
        "status": old["status"] if old["status"] in _RUN_STATUSES else "failed",
        "wish": json.dumps({"title": old["request"]}, ensure_ascii=False),
        "providers": "[]",
        "model": "",
        "offline": 1,
        "fresh": 0,
        "store": 1,
        "purpose": "plan",
    }


def _call(old: sa.RowMapping) -> dict[str, Any]:
    """Return a call as it is kept from now on; no other run may reuse it."""
    same = (
        *("uid", "run_uid", "content_key", "stage", "subject", "attempt", "provider"),
        *("base_url", "model", "template_hash", "schema_hash", "mode", "parameters"),
        *("request", "finish_reason", "error", "input_tokens", "output_tokens"),
        *("cost_micro", "started_at", "finished_at"),
    )
    answer = {"data": None, "text": old["reply"]}
    reply = json.dumps(answer, ensure_ascii=False) if old["reply"] else None
    unknown = ("reserved_micro", "failure", "cached_tokens", "reasoning_tokens", "expires_at")
    nothing = ("ask", "reserved_tokens", "accepted", "repaired", "reused")
    return {
        **{name: old[name] for name in same},
        **dict.fromkeys(unknown),
        **dict.fromkeys(nothing, 0),
        **dict.fromkeys(("question", "prompt", "request_id"), ""),
        "answered_by": old["model"],
        "status": old["status"] if old["status"] in _CALL_STATUSES else "failed",
        "reply": reply,
        "size": len(old["request"].encode()) + len((reply or "").encode()),
    }


def _make_runs() -> sa.Table:
    table = op.create_table(
        "runs",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("providers", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("offline", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("store", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("max_cost_micro", sa.Integer(), nullable=True),
        sa.Column("max_calls", sa.Integer(), nullable=True),
        sa.Column("max_tokens", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_index("ix_runs_goal_uid", "runs", ["goal_uid"])
    return table


def _make_calls() -> sa.Table:
    table = op.create_table(
        "calls",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("run_uid", sa.String(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("ask", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("template_hash", sa.String(), nullable=False),
        sa.Column("schema_hash", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("reserved_tokens", sa.Integer(), nullable=False),
        sa.Column("reserved_micro", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("finish_reason", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("cached_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("reasoning_tokens", sa.Integer(), nullable=True),
        sa.Column("cost_micro", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("repaired", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.Column("reused", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_uid"], ["runs.uid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_index("ix_calls_content_key", "calls", ["content_key", "status"])
    op.create_index("ix_calls_question", "calls", ["run_uid", "question"])
    op.create_index("ix_calls_failure", "calls", ["failure", "provider"])
    op.create_index("ix_calls_size", "calls", ["size"])
    return table
