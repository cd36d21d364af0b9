"""`stellwerk import`: a plan from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.reading import read_text
from stellwerk.domain.edits.whole import ReplacePlan
from stellwerk.errors import ConflictError, NotFoundError, UsageError
from stellwerk.exchange.document import Document
from stellwerk.exchange.files import read_files
from stellwerk.planning.dispatcher import Outcome


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
    files = {"stdin": read_text("-")} if source == "-" else _files(Path(source))
    importer = desk.stellwerk.plugins.load("importers", form or _format(files))
    document = importer.read(files, desk.dispatcher.births)
    if copy:
        from stellwerk.exchange.plan_json import reborn

        document = reborn(document, desk.dispatcher.births)
    named = "standard input" if source == "-" else source
    _store(desk, document, named, replace=replace)


def _files(path: Path) -> Mapping[str, str]:
    if not path.exists():
        raise NotFoundError(f"There is no file or folder {path}.", "Check its path.")
    return read_files(path)


def _store(desk: Desk, document: Document, source: str, *, replace: bool) -> None:
    plan, dispatcher = document.plan, desk.dispatcher
    known = {line.goal.uid: line.goal for line in dispatcher.store.goals()}
    if plan.goal.uid not in known:
        title = f"imported {source}"
        desk.tell(dispatcher.adopt(plan, document.notes, title, document.book))
        return
    slug = known[plan.goal.uid].slug
    if not replace:
        msg = f"The goal {slug} is here already; nothing was changed."
        raise ConflictError(msg, "Say --replace to put this in its place, or --copy for both.")
    base = dispatcher.store.load(plan.goal.uid)
    old = dispatcher.store.notes(plan.goal.uid)
    edit = ReplacePlan(base.plan, plan, old, document.notes, f"replaced the plan by {source}")
    if base.plan == plan:
        desk.tell(Outcome(base, base, f"nothing to change: {slug} is as {source} has it"))
        return
    desk.make(base, edit)


def _format(files: Mapping[str, Any]) -> str:
    """Return the format of some files, by their names or first character."""
    if len(files) > 1:
        return "markdown" if any(name.endswith(".md") for name in files) else "json"
    name, text = next(iter(files.items()))
    json = name.endswith(".json") or text.lstrip()[:1] == "{"
    return "json" if json else "markdown"
