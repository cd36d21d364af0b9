"""Text that was meant to be JSON made into data, unless something would be lost."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from stellwerk.planning.replies.spans import without_comments

REPAIRED_AT_MOST: Final = 200_000
"""Characters of a text that are repaired; ten times the answer of a stage."""

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_UNIT: Final = re.compile(
    r'("(?>(?:[^"\\]++|\\.)*)")|(:\s{0,9})(\d[\d.,]*+\s?(?:[^\W\d_]+|%))(?=\s{0,9}[,}\]])',
    re.DOTALL,
)
_TYPOGRAPHIC: Final = re.compile("[“”„]")
_ODD: Final = re.compile(r"[{}\[\]\"]")
_LITERALS: Final = frozenset("True False None undefined NaN Infinity".split())
_WORDS_JOINED: Final = 200
"""So many words may have become parts of longer ones, by an escape that was read."""


def lenient(text: str) -> Any:
    """Return the data of a text that was meant to be JSON.

    None if there is none, or if words of the text would be lost or become names of fields:
    what cannot be read must not silently be left out.
    """
    from json_repair import loads  # slow to import, and most answers do not need it

    try:
        plain = text if '"' in text else _TYPOGRAPHIC.sub('"', text)
        value = loads(_with_quoted_units(plain), skip_json_loads=True)
        return None if _loses_words(text, value) or _has_odd_keys(value) else value
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        return None  # a parser of broken text may stumble in ways of its own


def _loses_words(text: str, value: Any) -> bool:
    """Whether words of a text are missing from the data made of it."""
    kept = json.dumps(value, ensure_ascii=False)
    words = set(_WORD.findall(_ESCAPE.sub(" ", without_comments(text))))
    missing = {word for word in words - set(_WORD.findall(kept)) if word not in _LITERALS}
    return len(missing) > _WORDS_JOINED or any(word not in kept for word in missing)


def _with_quoted_units(text: str) -> str:
    """Return a text with `30 Minuten` in quotation marks, where it is a value without them."""
    return _UNIT.sub(lambda mark: mark[1] or f'{mark[2]}"{mark[3]}"', text)


def _has_odd_keys(value: Any) -> bool:
    """Whether a field's name holds what belongs between fields."""
    if isinstance(value, list):
        return any(_has_odd_keys(each) for each in value)
    if not isinstance(value, dict):
        return False
    return any(_ODD.search(key) or _has_odd_keys(each) for key, each in value.items())
