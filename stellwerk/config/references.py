"""`${NAME}` in the texts of a settings file: what it stands for, and writing a dollar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_DOLLAR: Final = re.compile(r"\$(?:\$|\{([^}]*)(\}?))")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE: Final = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def has_reference(text: str) -> bool:
    """Say whether a text of a file takes anything from the environment, or tries to."""
    return "${" in text.replace("$$", "")


def expand(text: str, environ: Mapping[str, str]) -> str | None:
    """Return a text of a file with its references replaced; `$$` becomes a dollar.

    Returns:
        The text, or `None` if a variable it names is not set.

    Raises:
        ValueError: A `${` is not followed by a name and `}`.
    """
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name, end = found.group(1, 2)
        if name is None:
            return "$"
        if not end or not _NAME.fullmatch(name):
            raise ValueError("broken reference")
        missing = missing or name not in environ
        return environ.get(name, "")

    expanded = _DOLLAR.sub(value, text) if "$" in text else text
    return None if missing else expanded


def written(text: str) -> str:
    """Return a typed text as a file has to hold it.

    One with a `${NAME}` stays as typed; in any other each dollar means itself.
    """
    return text if _REFERENCE.search(text.replace("$$", "")) else text.replace("$", "$$")
