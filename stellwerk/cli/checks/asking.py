"""Checks of what is sent to models: keys and prompts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Final

from stellwerk.cli.checks.check import Check, Verdict
from stellwerk.cli.desk import Desk
from stellwerk.config import locations
from stellwerk.config.keys import KeyRing
from stellwerk.config.schema import SETTINGS
from stellwerk.config.setting import Kind

_QUOTES: Final = "\"'\u201c\u201d\u2018\u2019"


def check_keys(desk: Desk) -> Iterator[Check]:
    """Check that keys can be read by their owner alone, and look like keys."""
    del desk
    ring = KeyRing(os.environ, locations.config_folder(os.environ))
    found = ring.names()
    names = ", ".join(f"{name} ({where})" for name, where in found)
    yield Check("keys", Verdict.FINE, names or "none; planning works without")
    for warning in ring.warnings():
        yield Check("keys", Verdict.ODD, warning, f"chmod 600 {quote(str(ring.path()))}")
    yield from odd_variables(os.environ)
    for name, where in found:
        secret = ring.get(name)
        if where == str(ring.path()) and secret and (flaw := _flaw(secret.reveal())):
            hint = f"Store it again: stellwerk keys set {name}"
            yield Check("keys", Verdict.ODD, f"the key of {name} {flaw}", hint)


def odd_variables(environ: Mapping[str, str]) -> Iterator[Check]:
    """Yield what is wrong with variables that should hold keys; never what they hold."""
    secrets = (
        each for each in SETTINGS if each.kind is Kind.SECRET and each.name == "api_key"
    )
    for variable in (name for setting in secrets for name in setting.variables):
        text = environ.get(variable)
        if text is None:
            continue
        if not text.strip():
            hint = f"Give it the key, or take it away: unset {variable}"
            yield Check("keys", Verdict.ODD, f"{variable} is set, but empty", hint)
        elif flaw := _flaw(text):
            hint = "Copy the key again, without quotes, spaces and line breaks."
            yield Check("keys", Verdict.ODD, f"the key in {variable} {flaw}", hint)


def check_prompts(desk: Desk) -> Iterator[Check]:
    """Check the user's own prompts, if there are any."""
    folder: Path | None = desk.settings.planning.prompts
    if folder is None:
        yield Check("prompts", Verdict.FINE, "those that come with Stellwerk")
        return
    from stellwerk.planning.prompt_checks import check_prompts as flaws_of
    from stellwerk.planning.prompts import PromptShelf

    flaws = list(flaws_of(PromptShelf(folder)))
    for flaw in flaws:
        yield Check("prompts", Verdict.BAD, f"{flaw.prompt}: {flaw.message}", flaw.hint)
    if not flaws:
        yield Check("prompts", Verdict.FINE, f"{folder} is fit to be sent")


def _flaw(key: str) -> str:
    """Return what is wrong with a key, or nothing."""
    if key.strip() != key:
        return "has spaces or line breaks around it"
    if any(char.isspace() for char in key):
        return "has spaces or line breaks in it"
    if key[0] in _QUOTES or key[-1] in _QUOTES:
        return "stands in quotes"
    return "" if key.isascii() and key.isprintable() else "has characters that no key has"
