"""Notes of a work package: Markdown with six known sections, still editable by hand.

`parse` keeps every character, so `compose(parse(text)) == text`; what it adds is which
lines are a heading it knows, in any known language, v1's aliases included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RISK_ARROW: Final = " → "


class Part(StrEnum):
    """The six sections of a note."""

    SUMMARY = "summary"
    STEPS = "steps"
    CRITERIA = "criteria"
    RISKS = "risks"
    SOURCES = "sources"
    IMAGES = "images"


HEADINGS: Final[Mapping[str, Mapping[Part, str]]] = {
    "en": dict(
        zip(
            Part,
            ("Summary", "Steps", "Definition of Done", "Risks", "Sources", "Images"),
            strict=True,
        )
    ),
    "de": dict(
        zip(
            Part,
            ("Kurzfassung", "Schritte", "Definition of Done", "Risiken", "Quellen", "Bilder"),
            strict=True,
        )
    ),
}
_ALIASES: Final[Mapping[Part, str]] = {
    Part.SUMMARY: "summary kurzfassung zusammenfassung überblick overview",
    Part.STEPS: "steps schritte ablauf vorgehen procedure",
    Part.CRITERIA: "definition_of_done dod checkliste checklist fertig_wenn done_when",
    Part.RISKS: "risks risiken stolpersteine pitfalls",
    Part.SOURCES: "sources quellen links ressourcen resources references",
    Part.IMAGES: "images bilder pictures",
}
_KNOWN: Final = {
    name.replace("_", " "): part for part, names in _ALIASES.items() for name in names.split()
}
_ATX: Final = re.compile(r" {0,3}#{1,6}[ \t]+(?P<title>.+)")
_LABEL: Final = re.compile(
    r"(?:\*\*)?(?P<title>[^\W\d_][\w ]{1,30}?)(?:\*\*)?:(?:\*\*)?[ \t]*$"
)
_FENCE: Final = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_NUMBERED: Final = re.compile(r"^ {0,3}\d{1,9}[.)][ \t]+(?P<text>.*)", re.MULTILINE)
_BULLET: Final = re.compile(r"^ {0,3}[-*+][ \t]+(?P<text>.*)", re.MULTILINE)
_BOX: Final = re.compile(r"\[(?P<mark>[ xX])\][ \t]+(?P<text>.*)")
_TEXT: Final = frozenset("0123456789-+>|[(\n\r")
"""What a line begins with that is neither a heading nor a fence."""
_VISIBLE: Final = r"[^\s<>()\[\]\"']"
_URL: Final = re.compile(
    rf"https?://(?:{_VISIBLE}|\({_VISIBLE}*\))*(?:(?![.,;:!?]){_VISIBLE}|\({_VISIBLE}*\))"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a note.

    Attributes:
        part: What it is, or None before the first heading and under unknown ones.
        heading: The heading line as written, with its line break; may be empty.
        body: The lines below it as written.
    """

    part: Part | None
    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class Notes:
    """A note taken apart; `compose` puts it together again unchanged."""

    sections: tuple[Section, ...] = ()

    def body(self, part: Part) -> str:
        """Return the text of a section (of all with that heading), stripped."""
        bodies = [s.body.strip() for s in self.sections if s.part is part]
        return "\n\n".join(filter(None, bodies))

    @property
    def summary(self) -> str:
        """The summary, or for plain text without headings the text itself."""
        text = self.body(Part.SUMMARY)
        if not text and self.sections and self.sections[0].part is None:
            text = self.sections[0].body.strip()
        return text

    @property
    def steps(self) -> tuple[str, ...]:
        """Numbered steps, else bulleted ones."""
        body = self.body(Part.STEPS)
        return tuple(_listed(body, _NUMBERED)) or tuple(_listed(body, _BULLET))

    @property
    def criteria(self) -> tuple[tuple[bool, str], ...]:
        """(ticked, text) of each criterion of the definition of done."""
        found = (_BOX.match(item) for item in _listed(self.body(Part.CRITERIA), _BULLET))
        return tuple((box["mark"] in "xX", box["text"]) for box in found if box)

    @property
    def risks(self) -> tuple[tuple[str, str], ...]:
        """(risk, mitigation) pairs; the mitigation is empty where none is marked."""
        pairs = (
            item.partition(RISK_ARROW) for item in _listed(self.body(Part.RISKS), _BULLET)
        )
        return tuple((risk.strip(), mitigation.strip()) for risk, _, mitigation in pairs)

    @property
    def sources(self) -> tuple[str, ...]:
        """URLs of the sources."""
        return tuple(_URL.findall(self.body(Part.SOURCES)))

    @property
    def images(self) -> tuple[str, ...]:
        """URLs of the images."""
        return tuple(_URL.findall(self.body(Part.IMAGES)))


def parse(text: str) -> Notes:
    """Take a note apart; headings inside code fences are text."""
    sections: list[Section] = []
    part, heading, begin, fence = None, "", 0, ""
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if line[0] in _TEXT or (line[0].isalpha() and line.rstrip()[-1] not in ":*"):
            continue
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not mark["info"].strip()
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        elif known := _heading(line.rstrip()):
            sections.append(Section(part, heading, "".join(lines[begin:at])))
            part, heading, begin = known[0], line, at + 1
    sections.append(Section(part, heading, "".join(lines[begin:])))
    return Notes(tuple(s for s in sections if s.heading or s.body))


def compose(notes: Notes) -> str:
    """Return the text of a note taken apart by `parse`, unchanged."""
    return "".join(section.heading + section.body for section in notes.sections)


def ticked(text: str, number: int) -> str:
    """Return a note with one criterion of its definition of done ticked, or open again.

    Args:
        text: The note.
        number: Of the criterion, from 0, as `Notes.criteria` counts; a higher one changes
            nothing.
    """
    notes, left = parse(text), number
    sections: list[Section] = []
    for section in notes.sections:
        lines = section.body.splitlines(keepends=True)
        for at, line in enumerate(lines if section.part is Part.CRITERIA else ()):
            found = _BULLET.match(line)
            box = _BOX.match(found["text"]) if found else None
            if box is None or found is None:
                continue
            if left == 0:
                place = found.start("text") + box.start("mark")
                mark = " " if box["mark"] in "xX" else "x"
                lines[at] = f"{line[:place]}{mark}{line[place + 1 :]}"
            left -= 1
        sections.append(Section(section.part, section.heading, "".join(lines)))
    return compose(Notes(tuple(sections)))


def tidy(text: str) -> str:
    """Return the form in which notes are stored: one line break at the end, none before.

    Lines of white space alone become empty; an empty note is an empty string.
    """
    lines = [line if line.strip() else "" for line in text.split("\n")]
    stripped = "\n".join(lines).strip("\n")
    return f"{stripped}\n" if stripped else ""


def written(bodies: Mapping[Part, str], language: str) -> str:
    """Return the text of a new note from its sections' bodies; empty ones are left out."""
    headings = HEADINGS.get(language, HEADINGS["en"])
    parts = (f"## {headings[part]}\n\n{bodies[part]}\n" for part in Part if bodies.get(part))
    return "\n".join(parts)


def numbered(items: tuple[str, ...]) -> str:
    """Return a numbered list."""
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))


def bulleted(items: tuple[str, ...], mark: str = "-") -> str:
    """Return a list with that mark before each item."""
    return "\n".join(f"{mark} {item}" for item in items)


def _heading(line: str) -> tuple[Part | None] | None:
    """Return (part,) if the line is a heading, with None for an unknown one."""
    if found := _ATX.match(line):
        return (_KNOWN.get(_plain(found["title"].rstrip(" \t#"))),)
    found = _LABEL.match(line)
    part = _KNOWN.get(_plain(found["title"])) if found else None
    return (part,) if part else None


def _plain(title: str) -> str:
    return " ".join(title.strip("*_: ").lower().split())


def _listed(body: str, mark: re.Pattern[str]) -> Iterable[str]:
    """Return the items of a list with that mark, continuation lines joined on."""
    lines, found = body.splitlines(), mark.findall(body)
    return map(str.strip, found) if len(found) == len(lines) else _continued(lines, mark)


def _continued(lines: Sequence[str], mark: re.Pattern[str]) -> Iterator[str]:
    """Yield the items of a list, of which some lines are none."""
    item: list[str] = []
    for line in lines:
        found = mark.match(line)
        if found:
            if item:
                yield " ".join(item)
            item = [found["text"].strip()]
        elif item and line.strip() and line[:1].isspace():
            item.append(line.strip())
        elif item:
            yield " ".join(item)
            item = []
    if item:
        yield " ".join(item)
