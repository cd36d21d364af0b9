"""`stellwerk keys`: API keys, in the system's keyring or a private file."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Final

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.config import locations
from stellwerk.config.keys import KeyRing
from stellwerk.errors import NotFoundError, UsageError

command = typer.Typer(rich_markup_mode=None, add_completion=False)
Name = Annotated[str, typer.Argument(metavar="PROVIDER", help="As in openai.")]
_KEPT_AS: Final = {"openai-compatible": "compatible"}
_PLAYBOOKS: Final = "playbooks"


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """List the keys unless a verb is given."""
    if context.invoked_subcommand is None:
        list_(context)


@command.command("list")
def list_(context: typer.Context) -> None:
    """List whose keys there are and where they are kept; never the keys themselves."""
    desk = desk_of(context)
    ring = _ring()
    found = ring.names()
    for warning in ring.warnings():
        desk.say(warning)
    lines = [
        f"{desk.ink('cyan', f'{name:<12}')} {desk.ink('dim', where)}" for name, where in found
    ]
    text = "\n".join(lines) or "No key is stored. Store one: stellwerk keys set openai"
    data = {"keys": [{"provider": name, "where": where} for name, where in found]}
    desk.answer("key-list", data, text)


@command.command("set")
def set_(context: typer.Context, name: Name) -> None:
    """Store the key of a provider, asked for without echo or read from standard input."""
    desk = desk_of(context)
    name = _known(desk, name)
    if sys.stdin.isatty():
        key = typer.prompt(f"Key for {name}", hide_input=True, err=True)
    else:
        key = sys.stdin.buffer.readline(10_000).decode(errors="replace").strip()
    if not key:
        raise UsageError("No key was given.", f"Pipe it in: stellwerk keys set {name} < FILE")
    ring = _ring()
    where = ring.set(name, key)
    desk.answer("key-set", {"provider": name, "where": where}, f"Stored the key in {where}.")
    counts = dict(ring.names()).get(name, where)
    if counts != where:
        desk.say(f"{counts} is set and counts instead.")


@command.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """Forget the key of a provider."""
    desk = desk_of(context)
    name = _KEPT_AS.get(name, name)
    _ring().remove(name)
    desk.answer("key-removed", {"provider": name}, f"Forgot the key of {name}.")


@command.command("path")
def path(context: typer.Context) -> None:
    """Print the file in which keys are kept where there is no keyring."""
    desk = desk_of(context)
    file = str(_ring().path())
    desk.answer("key-path", {"file": file}, file)


def _known(desk: Desk, name: str) -> str:
    """Return under which name the key of an installed provider is kept.

    Raises:
        NotFoundError: There is no such provider; what was typed may be a key, so it is not told.
    """
    installed = {*desk.stellwerk.plugins.names("providers")} - {_PLAYBOOKS}
    known = sorted({_KEPT_AS.get(each, each) for each in installed} | {"compatible"})
    kept = _KEPT_AS.get(name, name)
    if kept in known:
        return kept
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    msg = "There is no provider of that name."
    raise NotFoundError(msg, f"{hint}Keys are for: {', '.join(known)}.")


def _ring() -> KeyRing:
    return KeyRing(os.environ, locations.config_folder(os.environ))
