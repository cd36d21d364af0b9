"""A document as read from Markdown, before its refs are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field

from stellwerk.exchange.markdown.markers import Fields


@dataclass(slots=True)
class Entry:
    """An item as read, before refs are resolved.

    Attributes:
        kind: `route`, `task`, `package`, `switch`, `option` or `person`.
        where: `file:line`.
        ref: Of its marker; None for what a person wrote by hand.
        title: One line.
        fields: Of its marker.
        ticked: State of its checkbox.
        pieces: Of its description or notes, with what stands between them.
        parts: What it holds.
        stop: Line after the last one that belongs to its text, from 0.
    """

    kind: str
    where: str
    ref: str | None
    title: str
    fields: Fields
    ticked: bool | None = None
    pieces: list[str] = field(default_factory=list)
    parts: list[Entry] = field(default_factory=list)
    stop: int = 0

    @property
    def text(self) -> str:
        """Its description or notes."""
        return "".join(self.pieces)


@dataclass(slots=True)
class Outline:
    """A whole document as read.

    Attributes:
        front: Fields of the front matter.
        goal: Title and description of the goal.
        routes: With tasks and switches in their `parts`.
        people: In the order of the file.
        count: How many blocks have been read.
    """

    front: Fields
    goal: Entry
    routes: list[Entry] = field(default_factory=list)
    people: list[Entry] = field(default_factory=list)
    count: int = 0
