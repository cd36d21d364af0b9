"""What a source has to say."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from stellwerk.planning.wish import STANDARDS


class Sort(StrEnum):
    """The sorts of sources, those that count most first."""

    STANDARDS = STANDARDS
    HISTORY = "history"
    SIMILAR = "similar"
    PLAYBOOK = "playbook"


class Passage(NamedTuple):
    """A text of one source.

    Attributes:
        sort: Its sort.
        name: Which of that sort: a file, a playbook; empty if there is only one.
        text: What it says, cleaned; may be cut at the end of any line.
        weight: Among those of its sort, the heavier one comes first.
    """

    sort: Sort
    name: str
    text: str
    weight: float = 0.0

    @property
    def source(self) -> str:
        """Sort and name, as prompts and people are told."""
        return f"{self.sort.value}: {self.name}" if self.name else self.sort.value
