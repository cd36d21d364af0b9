"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "goals",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("target_date", sa.String(), nullable=True),
        sa.Column("prologue", sa.Text(), nullable=False),
        sa.Column("rallying_cry", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("source_provider", sa.String(), nullable=False),
        sa.Column("source_model", sa.String(), nullable=False),
        sa.Column("source_prompts", sa.Text(), nullable=False),
        sa.Column("unit_hours", sa.Float(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=True),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "runs",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("max_cost_micro", sa.Integer(), nullable=True),
        sa.Column("max_calls", sa.Integer(), nullable=True),
        sa.Column("max_tokens", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("ix_runs_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "calls",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("run_uid", sa.String(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("template_hash", sa.String(), nullable=False),
        sa.Column("schema_hash", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("finish_reason", sa.String(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("cost_micro", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_uid"], ["runs.uid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index("ix_calls_content_key", ["content_key"], unique=False)
        batch_op.create_index("ix_calls_run_uid", ["run_uid"], unique=False)

    op.create_table(
        "comments",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("item_uid", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("answers_uid", sa.String(), nullable=True),
        sa.Column("resolved_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index("ix_comments_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "embeddings",
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("embedder", sa.String(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("goal_uid", "embedder"),
    )
    op.create_table(
        "feedback",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("item_uid", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "forecasts",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("quantiles", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("forecasts", schema=None) as batch_op:
        batch_op.create_index("ix_forecasts_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "journal",
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("touches", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("edit", sa.Text(), nullable=False),
        sa.Column("inverse", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("goal_uid", "revision"),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_journal_standing",
            ["goal_uid", "author", "undone_by", "kind"],
            unique=False,
        )

    op.create_table(
        "people",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("capacity_hours", sa.Float(), nullable=True),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("absences", sa.Text(), nullable=False),
        sa.Column("born_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "quality_scores",
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("goal_uid", "revision"),
    )
    op.create_table(
        "ratings",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index("ix_ratings_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "ref_aliases",
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("goal_uid", "ref"),
    )
    op.create_table(
        "ref_counters",
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("goal_uid", "parent"),
    )
    op.create_table(
        "routes",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("born_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("routes", schema=None) as batch_op:
        batch_op.create_index("ix_routes_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "selections",
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("author"),
    )
    with op.batch_alter_table("selections", schema=None) as batch_op:
        batch_op.create_index("ix_selections_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "shares",
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("granted_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("goal_uid", "identity"),
    )
    op.create_table(
        "edges",
        sa.Column("tail_uid", sa.String(), nullable=False),
        sa.Column("head_uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["head_uid"], ["routes.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["tail_uid"], ["routes.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("tail_uid", "head_uid"),
    )
    with op.batch_alter_table("edges", schema=None) as batch_op:
        batch_op.create_index("ix_edges_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "switches",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("route_uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("chosen_uid", sa.String(), nullable=True),
        sa.Column("recommended_uid", sa.String(), nullable=True),
        sa.Column("born_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["route_uid"], ["routes.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("switches", schema=None) as batch_op:
        batch_op.create_index("ix_switches_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("route_uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("born_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["route_uid"], ["routes.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "options",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("switch_uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("head_uid", sa.String(), nullable=False),
        sa.Column("tradeoff", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("born_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["head_uid"], ["routes.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["switch_uid"], ["switches.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("options", schema=None) as batch_op:
        batch_op.create_index("ix_options_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "work_packages",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("task_uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("p10_hours", sa.Float(), nullable=True),
        sa.Column("p50_hours", sa.Float(), nullable=True),
        sa.Column("p90_hours", sa.Float(), nullable=True),
        sa.Column("elapsed_days", sa.Integer(), nullable=True),
        sa.Column("assignee_uid", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=True),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("spent_hours", sa.Float(), nullable=True),
        sa.Column("waiting_for", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("born_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_uid"], ["people.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["task_uid"], ["tasks.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("work_packages", schema=None) as batch_op:
        batch_op.create_index("ix_work_packages_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "needs",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("on_uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["on_uid"], ["work_packages.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["uid"], ["work_packages.uid"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("uid", "on_uid"),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index("ix_needs_goal_uid", ["goal_uid"], unique=False)

    op.create_table(
        "notes",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("goal_uid", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_uid"],
            ["goals.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["uid"],
            ["work_packages.uid"],
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid"),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("ix_notes_goal_uid", ["goal_uid"], unique=False)
