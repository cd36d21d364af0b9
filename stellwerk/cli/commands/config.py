"""`stellwerk config`: settings shown, explained, set and trusted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.config import locations
from stellwerk.config.discovery import project_file
from stellwerk.config.explain import Explanation, explain
from stellwerk.config.files import read_small
from stellwerk.config.schema import SETTINGS, setting_for
from stellwerk.config.setting import Kind
from stellwerk.config.trust import Trust
from stellwerk.config.writing import set_value, unset_value
from stellwerk.errors import NotFoundError

command = typer.Typer(rich_markup_mode=None, add_completion=False)
Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="As in planning.size.",
        autocompletion=lambda: [setting.key for setting in SETTINGS],
    ),
]
InProject = Annotated[
    bool, typer.Option("--project", help="In this project's file, not the user's.")
]


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Show the settings unless a verb is given."""
    if context.invoked_subcommand is None:
        show(context)


@command.command("show")
def show(context: typer.Context) -> None:
    """Show every setting with its value and where it comes from."""
    desk = desk_of(context)
    found = [explain(desk.settings, setting.key) for setting in SETTINGS]
    wide = max(len(each.key) for each in found)
    lines = []
    for each in found:
        value = "-" if each.value is None else each.value
        origin = each.origin.value if not each.where else f"{each.origin.value}: {each.where}"
        told = desk.ink("dim", origin if each.origin.value != "default" else "")
        lines.append(f"{desk.ink('cyan', f'{each.key:<{wide}}')}  {value}  {told}".rstrip())
    desk.answer(
        "config", {"settings": [_data(each) for each in found]}, "\n".join(lines), paging=True
    )


@command.command("explain")
def explain_(context: typer.Context, key: Key) -> None:
    """Say what a setting does, what it is, and where that comes from."""
    desk = desk_of(context)
    each = explain(desk.settings, key)
    value = "not set" if each.value is None else each.value
    lines = [f"{desk.ink('cyan', each.key)} = {value}", f"  {each.doc}"]
    where = f" ({each.where})" if each.where else ""
    lines.append(f"  from: {each.origin.value}{where}")
    for origin, place, text in each.overridden:
        lines.append(
            f"  beats: {origin.value} {place} ({'not set' if text is None else text})"
        )
    lines += [f"  waits for `stellwerk config trust`: {file}" for file in each.untrusted]
    desk.answer("setting", _data(each), "\n".join(lines))


@command.command("set")
def set_(
    context: typer.Context,
    key: Key,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Lists: comma separated.")],
    project: InProject = False,
) -> None:
    """Set a setting in your own file, or in this project's."""
    desk = desk_of(context)
    path = _file(project=project)
    store, known = Trust(locations.trust_file(os.environ)), read_small(path)
    trusted = project and known is not None and store.is_trusted(path, known)
    set_value(
        path, key, _placed(key, value, path.parent if project else None), private=not project
    )
    if trusted:
        store.trust(path, read_small(path) or b"")
    desk.answer("config-set", {"key": key, "file": str(path)}, f"Set {key} in {path}.")


@command.command("unset")
def unset(context: typer.Context, key: Key, project: InProject = False) -> None:
    """Take a setting out of your own file, or of this project's."""
    desk = desk_of(context)
    path = _file(project=project)
    if not unset_value(path, key, private=not project):
        raise NotFoundError(
            f"{path} does not set {key}.", "See `stellwerk config explain KEY`."
        )
    desk.answer("config-set", {"key": key, "file": str(path)}, f"Took {key} out of {path}.")


@command.command("trust")
def trust(
    context: typer.Context,
    revoke: Annotated[bool, typer.Option("--revoke", help="Trust it no longer.")] = False,
) -> None:
    """Let this project's settings file set addresses, keys and paths; ask again if it changes."""
    desk = desk_of(context)
    desk.quiet = True  # what waits for trust is the answer here, no news beside it
    path = project_file(Path.cwd(), os.environ)
    if path is None:
        raise NotFoundError(
            "There is no stellwerk2.toml here or above.", "Make one: stellwerk init"
        )
    store = Trust(locations.trust_file(os.environ))
    if revoke:
        done = store.revoke(path)
        told = f"{path} is no longer trusted." if done else f"{path} was not trusted."
    else:
        waiting = [key for file, key in desk.settings.untrusted if file == path]
        store.trust(path, read_small(path) or b"")
        verb = "counts" if len(waiting) == 1 else "count"
        what = f": {', '.join(waiting)} now {verb}" if waiting else ""
        told = f"{path} is trusted as it is now{what}."
    desk.answer("config-trust", {"file": str(path), "trusted": not revoke}, told)


def _file(*, project: bool) -> Path:
    """Return the file to write: the user's, or the project's (made here if there is none)."""
    if not project:
        return locations.user_file(os.environ)
    return project_file(Path.cwd(), os.environ) or Path.cwd() / "stellwerk2.toml"


def _placed(key: str, value: str, folder: Path | None) -> str:
    """Return a path typed here as it is written: absolute, or relative to a folder."""

    def placed(path: str) -> str:
        return os.path.relpath(path, folder) if folder else str(Path(path).absolute())

    kind = setting_for(key).kind
    if kind is Kind.PATHS:
        return ",".join(placed(part.strip()) for part in value.split(",") if part.strip())
    return placed(value) if kind is Kind.PATH and value else value


def _data(each: Explanation) -> dict[str, object]:
    return {
        "key": each.key,
        "value": each.value,
        "origin": each.origin.value,
        "where": each.where or None,
        "default": each.default,
        "doc": each.doc,
    }
