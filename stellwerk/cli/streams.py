"""The three streams of the process: always there, and fit for every character."""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from typing import Any, Final, TextIO

_PLAIN: Final = {
    **dict.fromkeys("\u201c\u201d\u201e\xab\xbb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("–—─━", "-"),
    "…": "...",
    "→": "->",
    "·": "|",
    "×": "x",
    "≥": ">=",
    "◆": "<>",
    "\xa0": " ",
}
_UNSAFE: Final = (
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def prepare() -> None:
    """Open closed streams to nowhere, and let no character break a stream."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    codecs.register_error("stellwerk", _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="stellwerk")


def abandon_stdout() -> None:
    """Send what is still to be written nowhere: nobody can take it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def shows_unicode() -> bool:
    """Say whether stdout takes every character."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def fitted(text: str, stream: TextIO) -> str:
    """Return text folded at words for the terminal that a stream is; else as it is."""
    if not stream.isatty():
        return text
    from stellwerk.cli.folding import folded

    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return folded(text, columns or 80)


def as_json(data: Any, *, indent: int | None = None) -> str:
    """Return data as JSON; what could trick a terminal stands in it as an escape."""
    import json

    text = json.dumps(data, ensure_ascii=not shows_unicode(), indent=indent)
    return text if text.isascii() else re.sub(_UNSAFE, _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    import json

    return json.dumps(found[0])[1:-1]


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Stand in for characters that a stream cannot take, as an error handler of codecs."""
    assert isinstance(error, UnicodeEncodeError)
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(char, "?") for char in lost), error.end
