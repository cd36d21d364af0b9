"""Which schema this version of Stellwerk reads and writes, and how to make it afresh."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HEAD: Final = "0003"
"""The newest migration; a test holds it equal to the scripts'."""

KNOWN: Final = frozenset({"0001", "0002", "0003"})
"""Every migration there ever was; a database at any other is from a newer version."""

_FROZEN: Final = Path(__file__).with_name("schema.sql")


def frozen_schema() -> str:
    """Return the SQL that makes a fresh database at `HEAD`."""
    return _FROZEN.read_text(encoding="utf-8")
