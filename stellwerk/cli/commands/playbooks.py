"""`stellwerk playbooks`: the shelf of offline planning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from stellwerk.cli.arguments import OptionalSlug
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.exit_codes import FINDINGS
from stellwerk.cli.present.playbooks import (
    checked_data,
    checked_text,
    playbook_data,
    playbook_line,
)
from stellwerk.errors import ConflictError, UsageError
from stellwerk.exchange.document import Document
from stellwerk.exchange.files import write_file

command = typer.Typer(rich_markup_mode=None, add_completion=False)


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """List the playbooks unless a verb is given."""
    if context.invoked_subcommand is None:
        list_(context)


@command.command("list")
def list_(context: typer.Context) -> None:
    """List the playbooks: id, languages and the goals they are for."""
    desk = desk_of(context)
    shelf = _shelf(desk)
    found = shelf.playbooks()
    _say_skipped(desk, shelf)
    text = "\n".join(playbook_line(each, desk.ink) for each in found)
    desk.answer("playbook-list", {"playbooks": [playbook_data(each) for each in found]}, text)


@command.command("show")
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The playbook.")],
    language: Annotated[str, typer.Option(help="en or de.")] = "en",
) -> None:
    """Show a playbook as it is written."""
    desk = desk_of(context)
    playbook = _shelf(desk).playbook(name, language)
    data = {"id": playbook.id, "language": playbook.language, "text": playbook.text()}
    desk.answer("playbook", data, playbook.text().rstrip(), paging=True)


@command.command("save")
def save(
    context: typer.Context,
    slug: OptionalSlug = None,
    name: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its id; else the goal's slug.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write it there, not to your own shelf."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an older one.")] = False,
) -> None:
    """Make a playbook of a plan, for the next goal of its kind.

    Ticks, people and dates are left out; where hours were logged, they become the estimates.
    """
    desk = desk_of(context)
    desk.goal = slug if slug is not None else desk.goal
    base = desk.open()
    goal, shelf = base.plan.goal, _shelf(desk)
    name = goal.slug if name is None else name
    folder = shelf.home if into is None else into
    path = _place(shelf, folder, name, goal.language, force=force)
    notes = desk.stellwerk.store.notes(goal.uid)
    write_file(path, shelf.written(Document(base.plan, notes), name))
    data = {"id": name, "language": goal.language, "file": str(path)}
    desk.answer("playbook-saved", data, f"Wrote {path}.")
    _say_unfit(desk, shelf, path)


@command.command("check")
def check(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID|FILE", help="Playbooks or files; all on the shelf without."
        ),
    ] = None,
) -> None:
    """Check playbooks: front matter, slots, effort, decisions, and what validators say.

    Exit code 3 if anything is wrong.
    """
    desk = desk_of(context)
    found = _shelf(desk).check(tuple(names or ()))
    desk.answer("playbook-check", checked_data(found), checked_text(found, desk.ink))
    if any(each.flaws for each in found):
        raise typer.Exit(FINDINGS)


def _place(shelf: Any, folder: Path, name: str, language: str, *, force: bool) -> Path:
    """Return the file for a new playbook (UsageError, ConflictError if it is taken)."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", name):
        raise UsageError(f"{name!r} is no id: lower-case words and hyphens.", "Say --id.")
    path = folder / f"{name}.{language}.md"
    if force and not path.is_dir():
        return path
    if path.exists() or path.is_symlink():
        msg = f"{path} is there already; nothing was written."
        raise ConflictError(msg, "Say --force to write over it, or another --id.")
    taken = [p for p in shelf.playbooks() if (p.id, p.language) == (name, language)]
    if taken and _is_shelf(shelf, folder):
        msg = f"There is a playbook {name!r} already: {taken[0].path}."
        raise ConflictError(msg, "Say --force to take its place, or another --id.")
    return path


def _say_unfit(desk: Desk, shelf: Any, path: Path) -> None:
    """Say why a playbook that was just written will not be taken for any goal."""
    if not _is_shelf(shelf, path.parent):
        desk.say(f"{path.parent} is not on your shelf: see planning.playbooks.")
    for each in shelf.check((str(path),)):
        errors = [flaw for flaw in each.flaws if flaw.severity == "error"]
        if errors:
            desk.say(f"It cannot be planned with yet: {errors[0].message}")
            desk.say(f"  → Complete it, then `stellwerk playbooks check {path}`.")


def _is_shelf(shelf: Any, folder: Path) -> bool:
    return folder.resolve() in [each.resolve() for each in shelf.folders]


def _say_skipped(desk: Desk, shelf: Any) -> None:
    for reason in shelf.skipped():
        desk.say(f"Left out: {reason}")


def _shelf(desk: Desk) -> Any:
    """Return the provider that keeps the shelf."""
    from stellwerk.plugins.api import ProviderOptions

    factory = desk.stellwerk.plugins.load("providers", "playbooks")
    folders = tuple(Path(folder) for folder in desk.settings.planning.playbooks)
    return factory(ProviderOptions(folders=folders))
