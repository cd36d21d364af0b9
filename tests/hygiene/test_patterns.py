"""Regular expressions mean the same on every Python that Stellwerk runs on."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("stellwerk/**/*.py"), *ROOT.glob("plugins/**/*.py")]
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


def test_no_group_is_repeated_possessively():
    """Before Python 3.11.5 such a group eats a part of what it does not match.

    `(?>(?:...)*)` says the same and is right everywhere (python/cpython#106052).
    """
    assert len(SOURCES) > 300
    found = [
        str(source.relative_to(ROOT))
        for source in SOURCES
        if POSSESSIVE_GROUP.search(source.read_text(encoding="utf-8"))
    ]
    assert found == []
