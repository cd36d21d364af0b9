"""What becomes of asking for a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stellwerk.plugins.api import StellwerkError


class Kind(StrEnum):
    """What is known of a page after asking for it."""

    FOUND = "found"
    UNCLEAR = "unclear"
    MISSING = "missing"
    NO_HOST = "no_host"
    SILENT = "silent"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of asking for a page.

    Attributes:
        kind: What is known of the page now.
        told: What there is to say of it, as the end of a sentence that begins with its URL.
        moved: The URL it has moved to for good; empty if it has not.
        lasting: Whether it may be remembered.
    """

    kind: Kind
    told: str = ""
    moved: str = ""
    lasting: bool = True


class NoAnswerError(StellwerkError):
    """There is no answer, or nobody may be asked.

    Attributes:
        kind: Which of both, and how.
    """

    def __init__(self, kind: Kind, told: str) -> None:
        super().__init__(told)
        self.kind = kind
