"""Places in an answer: what was changed there, and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stellwerk.domain.text import one_line, shortened

MAX_DEPTH: Final = 32
"""Deeper than any draft, a whole plan in two wrappers included."""
_MOST_NOTES: Final = 200


class Problem(NamedTuple):
    """One thing that is wrong with an answer.

    Attributes:
        pointer: JSON pointer to it (RFC 6901); empty for the whole answer.
        told: What is wrong, as it is told to the model.
    """

    pointer: str
    told: str

    @property
    def line(self) -> str:
        """The problem as one line."""
        return f"{self.pointer or 'the whole answer'}: {self.told}"


@dataclass(frozen=True, slots=True)
class Where:
    """What an answer is about, as far as it decides how the answer is read.

    Attributes:
        subject: Key of the route, task or package that was asked about.
        unit_hours: Hours of one unit of length.
        language: Of the plan; decides whether `1.234` is 1234 (`de`) or 1.234.
    """

    subject: str = ""
    unit_hours: float = 1.0
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an answer; all places of one answer share their notes and problems.

    Attributes:
        pointer: JSON pointer to it.
        notes: What was changed, each as a line.
        problems: What is wrong and cannot be mended without guessing.
    """

    pointer: str = ""
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __truediv__(self, part: str | int) -> Place:
        """Return the place below, by field name or position."""
        escaped = str(part).replace("~", "~0").replace("/", "~1")
        return Place(f"{self.pointer}/{escaped}", self.notes, self.problems)

    def note(self, told: str) -> None:
        """Tell what was changed here, once."""
        line = Problem(self.pointer, told).line
        if len(self.notes) < _MOST_NOTES and line not in self.notes:
            self.notes.append(line)

    def wrong(self, told: str) -> None:
        """Tell what is wrong here."""
        self.problems.append(Problem(self.pointer, told))


def quoted(value: object, length: int = 60) -> str:
    """Return a value as it is shown in a problem: short, on one line."""
    if isinstance(value, str):
        return f"“{shortened(one_line(value[: 4 * length]), length)}”"
    if isinstance(value, bool):
        return str(value).lower()
    names = {dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(value)) or shortened(_written(value), length)


def _written(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python is willing to write
        return "a number of thousands of digits"
