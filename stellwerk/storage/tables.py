"""The tables: the one definition of the schema. Migrations and `schema.sql` follow it.

Times are RFC 3339 UTC text, so they read the same in every database. What belongs to a
plan refers to its neighbours by deferred foreign keys, so row order never matters.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, text
from sqlmodel import Field, SQLModel


def _ref(
    target: str, *, null: bool = False, primary: bool = False, cascade: bool = False
) -> Column[str]:
    ondelete = "CASCADE" if cascade else None
    key = ForeignKey(target, ondelete=ondelete, deferrable=True, initially="DEFERRED")
    # A parent that goes is looked for among its children; without an index, in all rows.
    return Column(String, key, nullable=null, primary_key=primary, index=not primary)


def _goal() -> Column[str]:
    return _ref("goals.uid", cascade=True)


def _goal_key() -> Column[str]:
    return _ref("goals.uid", primary=True, cascade=True)


def _text() -> Column[str]:
    return Column(Text, nullable=False)


class GoalRow(SQLModel, table=True):
    """A goal and the revision its plan is at."""

    __tablename__ = "goals"
    uid: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    title: str = Field(sa_column=_text())
    created_at: str
    description: str = Field(sa_column=_text())
    status: str
    language: str
    target_date: str | None
    prologue: str = Field(sa_column=_text())
    rallying_cry: str = Field(sa_column=_text())
    source_kind: str
    source_provider: str
    source_model: str
    source_prompts: str = Field(sa_column=_text())
    unit_hours: float
    quality: float | None
    deleted: int
    revision: int


class RouteRow(SQLModel, table=True):
    """A route."""

    __tablename__ = "routes"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    number: int
    title: str = Field(sa_column=_text())
    description: str = Field(sa_column=_text())
    kind: str
    position: int
    born_at: str


class TaskRow(SQLModel, table=True):
    """A task of a route."""

    __tablename__ = "tasks"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    route_uid: str = Field(sa_column=_ref("routes.uid"))
    number: int
    title: str = Field(sa_column=_text())
    description: str = Field(sa_column=_text())
    position: int
    born_at: str


class WorkPackageRow(SQLModel, table=True):
    """A work package of a task; its notes' text has a table of its own.

    `needs` are the uids of the packages it needs, sorted, with spaces between: thousands
    are read with every `next`, and never without their package.
    """

    __tablename__ = "work_packages"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    task_uid: str = Field(sa_column=_ref("tasks.uid"))
    number: int
    title: str = Field(sa_column=_text())
    notes: str
    length: int
    grade: int
    p10_hours: float | None
    p50_hours: float | None
    p90_hours: float | None
    elapsed_days: int | None
    needs: str = Field(sa_column=Column(Text, nullable=False, server_default=text("''")))
    assignee_uid: str | None = Field(sa_column=_ref("people.uid", null=True))
    status: str
    started_at: str | None
    finished_at: str | None
    spent_hours: float | None
    waiting_for: str = Field(sa_column=_text())
    reason: str = Field(sa_column=_text())
    position: int
    born_at: str


class NoteRow(SQLModel, table=True):
    """The text of a work package's notes."""

    __tablename__ = "notes"
    uid: str = Field(sa_column=_ref("work_packages.uid", primary=True, cascade=True))
    goal_uid: str = Field(sa_column=_goal())
    text: str = Field(sa_column=_text())


class EdgeRow(SQLModel, table=True):
    """Route `tail_uid` comes before route `head_uid`."""

    __tablename__ = "edges"
    __table_args__ = (Index("ix_edges_head_uid", "head_uid"),)
    tail_uid: str = Field(sa_column=_ref("routes.uid", primary=True))
    head_uid: str = Field(sa_column=_ref("routes.uid", primary=True))
    goal_uid: str = Field(sa_column=_goal())


class SwitchRow(SQLModel, table=True):
    """A decision at the end of a route."""

    __tablename__ = "switches"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    route_uid: str = Field(sa_column=_ref("routes.uid"))
    number: int
    title: str = Field(sa_column=_text())
    prompt: str = Field(sa_column=_text())
    chosen_uid: str | None
    recommended_uid: str | None
    born_at: str


class OptionRow(SQLModel, table=True):
    """An option of a switch."""

    __tablename__ = "options"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    switch_uid: str = Field(sa_column=_ref("switches.uid"))
    number: int
    label: str = Field(sa_column=_text())
    head_uid: str = Field(sa_column=_ref("routes.uid"))
    tradeoff: str = Field(sa_column=_text())
    probability: float | None
    born_at: str


class PersonRow(SQLModel, table=True):
    """Somebody who takes part in a goal; weekdays and absences are JSON."""

    __tablename__ = "people"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    number: int
    name: str = Field(sa_column=_text())
    role: str
    direction: str
    notes: str = Field(sa_column=_text())
    email: str
    capacity_hours: float | None
    weekdays: str
    absences: str = Field(sa_column=_text())
    born_at: str


class RefCounterRow(SQLModel, table=True):
    """The highest number handed out under a parent (`RefBook.last`)."""

    __tablename__ = "ref_counters"
    goal_uid: str = Field(sa_column=_goal_key())
    parent: str = Field(primary_key=True)
    last: int


class RefAliasRow(SQLModel, table=True):
    """A ref an item had before it moved (`RefBook.aliases`)."""

    __tablename__ = "ref_aliases"
    goal_uid: str = Field(sa_column=_goal_key())
    ref: str = Field(primary_key=True)
    uid: str


class JournalRow(SQLModel, table=True):
    """One entry of a goal's journal; edit, inverse and touches are JSON.

    `in_effect` is 0 for what was taken back by an entry that is in effect: it follows from
    `undone_by`, and is kept so that a long row of undone edits costs an undo nothing.
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_standing", "goal_uid", "author", "undone_by", "revision", "kind"),
        Index("ix_journal_latest", "goal_uid", "author", "kind", "revision"),
        Index("ix_journal_effect", "goal_uid", "in_effect", "revision", "undoes"),
    )
    goal_uid: str = Field(sa_column=_goal_key())
    revision: int = Field(primary_key=True)
    kind: str
    author: str
    at: str
    says: str = Field(sa_column=_text())
    touches: str = Field(sa_column=_text())
    undoes: int | None
    undone_by: int | None
    in_effect: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("1")))
    edit: str = Field(sa_column=_text())
    inverse: str = Field(sa_column=_text())


class SelectionRow(SQLModel, table=True):
    """The goal an author last said `use` for."""

    __tablename__ = "selections"
    author: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())


class RunRow(SQLModel, table=True):
    """One planning run; what was wished and who was to be asked are JSON."""

    __tablename__ = "runs"
    uid: str = Field(primary_key=True)
    goal_uid: str | None = Field(default=None, index=True)
    status: str
    wish: str = Field(sa_column=_text())
    providers: str
    model: str
    offline: int
    fresh: int
    store: int
    purpose: str
    started_at: str
    finished_at: str | None
    max_cost_micro: int | None
    max_calls: int | None
    max_tokens: int | None
    error: str = Field(sa_column=_text())


class CallRow(SQLModel, table=True):
    """One model call: the checkpoint of a run and the cache of replies.

    `request` and `reply` are JSON, empty and null once they are forgotten; `size` is
    their bytes. They come last, so that SQLite finds all other columns without them.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_content_key", "content_key", "status"),
        Index("ix_calls_question", "run_uid", "question"),
        Index("ix_calls_failure", "failure", "provider"),
        Index("ix_calls_size", "size"),
    )
    uid: str = Field(primary_key=True)
    run_uid: str = Field(
        sa_column=Column(String, ForeignKey("runs.uid", ondelete="CASCADE"), nullable=False)
    )
    content_key: str
    question: str
    stage: str
    subject: str
    ask: int
    attempt: int
    provider: str
    base_url: str
    model: str
    prompt: str
    template_hash: str
    schema_hash: str
    mode: str
    parameters: str = Field(sa_column=_text())
    reserved_tokens: int
    reserved_micro: int | None
    started_at: str
    status: str
    answered_by: str
    finish_reason: str
    request_id: str
    failure: str | None
    error: str = Field(sa_column=_text())
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    cost_micro: int | None
    finished_at: str | None
    accepted: int
    repaired: int
    expires_at: str | None
    reused: int
    size: int
    request: str = Field(sa_column=_text())
    reply: str | None = Field(sa_column=Column(Text, nullable=True))


class EmbeddingRow(SQLModel, table=True):
    """A vector of a goal's text, by embedder."""

    __tablename__ = "embeddings"
    goal_uid: str = Field(sa_column=_goal_key())
    embedder: str = Field(primary_key=True)
    dimension: int
    text_digest: str
    vector: bytes


class QualityRow(SQLModel, table=True):
    """The quality score of a plan at one revision, with its parts as JSON."""

    __tablename__ = "quality_scores"
    goal_uid: str = Field(sa_column=_goal_key())
    revision: int = Field(primary_key=True)
    score: float
    parts: str = Field(sa_column=_text())
    at: str


class RatingRow(SQLModel, table=True):
    """A rating of a plan, 1 to 5."""

    __tablename__ = "ratings"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    revision: int
    author: str
    stars: int
    text: str = Field(sa_column=_text())
    at: str


class FeedbackRow(SQLModel, table=True):
    """Feedback on an item: helpful, unclear, too_detailed, too_vague or wrong."""

    __tablename__ = "feedback"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    item_uid: str
    author: str
    kind: str
    text: str = Field(sa_column=_text())
    at: str


class CommentRow(SQLModel, table=True):
    """A comment on a work package."""

    __tablename__ = "comments"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    item_uid: str
    author: str
    text: str = Field(sa_column=_text())
    at: str
    answers_uid: str | None
    resolved_at: str | None


class ShareRow(SQLModel, table=True):
    """What a person may do with a goal: view, edit or admin."""

    __tablename__ = "shares"
    goal_uid: str = Field(sa_column=_goal_key())
    identity: str = Field(primary_key=True)
    permission: str
    granted_by: str
    granted_at: str


class ForecastRow(SQLModel, table=True):
    """A forecast as made, kept to measure its calibration."""

    __tablename__ = "forecasts"
    uid: str = Field(primary_key=True)
    goal_uid: str = Field(sa_column=_goal())
    revision: int
    made_at: str
    seed: int
    quantiles: str = Field(sa_column=_text())
    plan_digest: str
