"""`stellwerk import`: a plan from files."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.documents import source_of
from stellwerk.domain.edits.whole import ReplacePlan
from stellwerk.errors import ConflictError, UsageError
from stellwerk.exchange.document import Document
from stellwerk.planning.dispatcher import Outcome
from stellwerk.validation.findings import Subject
from stellwerk.validation.judging import judged

_MANY: Final = 1_000
"""Notes up to which an import is judged; somebody waits for it."""


def command(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER|-", help="What `export` wrote, or a plan like it."
        ),
    ],
    form: Annotated[
        str | None, typer.Option("--format", "-f", help="markdown or json, if it is unclear.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the plan of the same goal; undoable.")
    ] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Store it as another goal.")] = False,
) -> None:
    """Read a plan from Markdown or JSON, as a new goal or in place of its older self."""
    desk = desk_of(context)
    if replace and copy:
        raise UsageError("--replace and --copy contradict each other.", "Say one.")
    named = source_of(source, form)
    importer = desk.stellwerk.plugins.load("importers", named.form)
    document = importer.read(named.files, desk.dispatcher.births)
    if copy:
        from stellwerk.exchange.plan_json import reborn

        document = reborn(document, desk.dispatcher.births)
    quick = len(document.notes) <= _MANY
    verdict = judged(Subject(document.plan, document.notes)) if quick else None
    outcome = _stored(desk, document, named.name, replace=replace)
    if verdict:
        desk.stellwerk.grade(outcome.after, document.notes, verdict)
    desk.tell(outcome)


def _stored(desk: Desk, document: Document, source: str, *, replace: bool) -> Outcome:
    plan, dispatcher = document.plan, desk.dispatcher
    known = {line.goal.uid: line.goal for line in dispatcher.store.goals()}
    if plan.goal.uid not in known:
        title = f"imported {source}"
        return dispatcher.adopt(plan, document.notes, title, document.book)
    slug = known[plan.goal.uid].slug
    if not replace:
        msg = f"The goal {slug} is here already; nothing was changed."
        raise ConflictError(msg, "Say --replace to put this in its place, or --copy for both.")
    base = dispatcher.store.load(plan.goal.uid)
    old = dispatcher.store.notes(plan.goal.uid)
    edit = ReplacePlan(base.plan, plan, old, document.notes, f"replaced the plan by {source}")
    if base.plan == plan:
        return Outcome(base, base, f"nothing to change: {slug} is as {source} has it")
    return dispatcher.make(base, edit)
