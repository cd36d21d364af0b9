"""`verbs.md`: every verb with its arguments and options, as the command line knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from generators.markdown import code, document, fenced, prose, table
from stellwerk.cli.main import TABLE, app

_KINDS = {
    "<str>": "TEXT",
    "<int>": "NUMBER",
    "<int range>": "NUMBER",
    "<float>": "NUMBER",
    "<float range>": "NUMBER",
}
_INTRO = """\
The command line is `stellwerk VERB`. Without a verb it prints its help; `stellwerk VERB --help` prints
that of a verb. In what follows `REF` is a [ref](fields.md#refs), `FILE|-` a file or standard input."""
_GLOBAL = """\
Every verb takes these, before or after it."""
_EXITS = "Exit codes are in [Errors and exit codes](errors.md#exit-codes), answers to `--json` in\n[JSON answers](json.md)."


def page() -> str:
    """Return the page."""
    group = app()
    parts = [_INTRO, _EXITS, "## Global options", _GLOBAL, _options(group, everywhere=True)]
    panel = ""
    for verb in TABLE:
        if verb.panel != panel:
            panel = verb.panel
            parts.append(f"## {panel}")
        context = typer.Context(group, info_name="stellwerk")  # type: ignore[arg-type]
        command: Any = group.get_command(context, verb.name)
        parts += _verb(verb.name, verb.help, command)
    return document("Verbs", *parts)


def _verb(name: str, says: str, command: Any) -> Iterator[str]:
    yield f"### {name}"
    below = getattr(command, "commands", {})
    if not below:
        yield from _described(name, command)
        return
    yield says
    if command.invoke_without_command:
        yield f"Without a verb below it: {prose(command.callback.__doc__ or '')}"
        yield _options(command)
    for inner, each in below.items():
        yield f"#### {name} {inner}"
        yield from _described(f"{name} {inner}", each)


def _described(name: str, command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    words = [re.sub(r"[{}]", "", p.metavar or p.name.upper()) for p in arguments]
    yield fenced(" ".join(["stellwerk", name, *words, "[OPTIONS]"]))
    yield prose(command.help or "")
    rows = [
        (code(word), *_meaning(param, command))
        for word, param in zip(words, arguments, strict=True)
    ]
    yield table(("argument", "meaning", "limits"), rows)
    yield _options(command)


def _options(command: Any, *, everywhere: bool = False) -> str:
    rows = [
        (code(_spelled(param, command)), *_meaning(param, command))
        for param in command.params
        if param.param_type_name == "option" and param.expose_value is not everywhere
    ]
    if everywhere:
        rows += [("`--help`", "Show the help and exit.", "")]
    return table(("option", "meaning", "limits"), rows)


def _record(param: Any, command: Any) -> tuple[str, str]:
    record: tuple[str, str] = param.get_help_record(typer.Context(command))
    return record


def _spelled(param: Any, command: Any) -> str:
    """Return an option as it is typed, such as `-n, --count NUMBER`."""
    told, _ = _record(param, command)
    for kind, word in _KINDS.items():
        told = told.replace(kind, word)
    return re.sub(r"<(.*)>", r"\1", told)


def _meaning(param: Any, command: Any) -> tuple[str, str]:
    """Return what a parameter means, and its default and limits."""
    _, told = _record(param, command)
    found = re.fullmatch(r"(?P<text>.*?)(?:  )?(?:\[(?P<extra>[^\]]*)\])?", told)
    assert found
    extra = re.sub(r"(; )?required|default: 0$", "", found["extra"] or "").strip("; ")
    return found["text"], extra.replace("x>=", "≥ ").replace("<=x<=", " to ")
