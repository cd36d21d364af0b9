"""The corpus of replies: one file a case, with what must become of it.

A case is a reply as a model might send it, below a head in TOML:

    stage     decompose, tasks, packages, refine or review
    cause     what is wrong with the reply, in one sentence
    subject   what was asked about; `language` and `unit_hours` of the plan
    finish    the finish reason, `stop` unless told
    facts     what the draft holds, by JSON pointer; `absent` lists pointers to null
    notes     what was changed, every line of it, where that is the point of the case
    repaired  whether the text had to be repaired
    failure   the kind of failure instead of a draft, `problems` every line told of it

In the reply `<<rest title steps>>` stands for the members of a good work package but for the
named ones, `<<ways edges>>` for those of a good structure, `<<3 x>>` for xxx, and `<<u 1b>>`
for the character with that code.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stellwerk.planning.drafts import (
    Draft,
    PackagesDraft,
    RefinedDraft,
    ReviewDraft,
    StructureDraft,
    TasksDraft,
)
from stellwerk.planning.structured import Where
from tests.planning.drafts import package, structure

STAGES: Final[dict[str, tuple[type[Draft], str]]] = {
    "decompose": (StructureDraft, ""),
    "tasks": (TasksDraft, "r1"),
    "packages": (PackagesDraft, "r1.1"),
    "refine": (RefinedDraft, "r1.1.1"),
    "review": (ReviewDraft, ""),
}
_FOLDER: Final = Path(__file__).with_name("cases")
_TOKEN: Final = re.compile(r"<<(rest|ways|u|\d+) ?([^>]*)>>")


@dataclass(frozen=True)
class Case:
    """One reply with what must become of it; see the module."""

    name: str
    text: str
    stage: str
    cause: str
    subject: str | None = None
    language: str = "en"
    unit_hours: float = 1.0
    finish: str = "stop"
    facts: dict[str, Any] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    notes: list[str] | None = None
    repaired: bool = False
    failure: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def kind(self) -> type[Draft]:
        """The draft that its stage expects."""
        return STAGES[self.stage][0]

    @property
    def where(self) -> Where:
        """What was asked about."""
        subject = STAGES[self.stage][1] if self.subject is None else self.subject
        return Where(subject, self.unit_hours, self.language)


def cases() -> list[Case]:
    """Return every case, by name."""
    return [_case(path) for path in sorted(_FOLDER.glob("*.md"))]


def _case(path: Path) -> Case:
    _, head, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    text = _TOKEN.sub(lambda token: _expanded(token[1], token[2]), text.removesuffix("\n"))
    return Case(path.stem, text, **tomllib.loads(head))


def _expanded(word: str, told: str) -> str:
    if word == "u":
        return chr(int(told, 16))
    if word.isdecimal():
        return told * int(word)
    good = package("r1.1.1") if word == "rest" else structure()
    left = {name: value for name, value in good.items() if name not in told.split()}
    return json.dumps(left, ensure_ascii=False)[1:-1]


def at(data: Any, pointer: str) -> Any:
    """Return what a JSON pointer points to; a `#` at its end asks how many there are."""
    for part in pointer.removesuffix("#").split("/")[1:]:
        data = data[int(part) if isinstance(data, list) else part]
    return len(data) if pointer.endswith("#") else data
