"""The labelled plans: files in `plans`, labels in `labels`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

from stellwerk.plugins.api import Births, Document, read_markdown
from stellwerk.validation.judging import Verdict, judged
from stellwerk.validation.subject import Subject

HERE = Path(__file__).parent
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Labelled:
    """A plan with the label that its author gave it.

    Attributes:
        name: Of its file.
        good: Whether it was labelled good.
        kind: Of goal, or of what is bad about it.
        held_out: Whether its half was left aside while the score was calibrated.
        why: In a sentence.
    """

    name: str
    good: bool
    kind: str
    held_out: bool
    why: str

    @property
    def path(self) -> Path:
        """Its file."""
        return HERE / "plans" / f"{self.name}.md"

    def document(self) -> Document:
        """Return the plan as it is read."""
        numbers = count()
        births = Births(_NOW, lambda: f"{next(numbers):032x}")
        return read_markdown(str(self.path), self.path.read_text("utf-8"), births)


def corpus() -> tuple[Labelled, ...]:
    """Return all labels."""
    files = sorted((HERE / "labels").glob("*.toml"))
    tables = (tomllib.loads(each.read_text("utf-8"))["plans"] for each in files)
    return tuple(
        Labelled(
            *(name, told["label"] == "good", told["kind"]),
            *(told["half"] == "held-out", told["why"]),
        )
        for table in tables
        for name, told in table.items()
    )


@cache
def verdict(plan: Labelled) -> Verdict:
    """Return what there is to say about a plan."""
    document = plan.document()
    return judged(Subject(document.plan, document.notes))
