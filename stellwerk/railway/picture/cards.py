"""Cards: a station as a card with its sign, title, progress and the question at its end."""

from __future__ import annotations

from typing import Final, NamedTuple

from stellwerk.railway.picture.lettering import cut, wrapped
from stellwerk.railway.picture.markup import element, escaped, plain, text
from stellwerk.railway.plot import Size
from stellwerk.railway.scene import Junction, State, Station

UNIT: Final = 12
"""Pixels of a cell of the plot, in both directions."""
WIDTH: Final = 18 * UNIT
"""Pixels of a card."""
PORT: Final = 2
"""Row of a card at which tracks meet it."""
_MIDDLE: Final = PORT * UNIT + UNIT // 2
_LEFT, _RIGHT = 18, WIDTH - 16
_TITLE, _SMALL = 13, 12
_WORDS: Final = {
    State.DONE: "done",
    State.DOING: "under way",
    State.READY: "ready",
    State.AHEAD: "ahead",
    State.TENTATIVE: "behind an open switch",
    State.CLOSED: "closed",
}


class Card(NamedTuple):
    """What stands on a card.

    Attributes:
        station: Whose card it is.
        title: Lines of its title.
        question: Lines of the question of its switch.
        height: Rows of the plot.
    """

    station: Station
    title: tuple[str, ...]
    question: tuple[str, ...]
    height: int

    def size(self, offset: int) -> Size:
        """Return the cells it takes, with so many before it kept for labels."""
        return Size(WIDTH // UNIT, self.height, PORT, offset)


def card_of(station: Station) -> Card:
    """Return the card of a station."""
    room = _RIGHT - _LEFT
    title = wrapped(plain(station.title), room, 2, _TITLE, bold=True)
    asked = _asked(station.junction) if station.junction else ""
    question = wrapped(plain(asked), room, 2, _SMALL, bold=True)
    pixels = _below_title(len(title)) + 18 + (len(question) * 16 + 6 if question else 0)
    return Card(station, title, question, -(-pixels // UNIT))


def _asked(junction: Junction) -> str:
    return f"{junction.ref} {junction.title}"


def _below_title(lines: int) -> int:
    """Return where the bar of progress begins, in pixels from the card's upper edge."""
    return 30 + 17 * lines + 6


def word_of(state: State) -> str:
    """Return a state in words."""
    return _WORDS[state]


def told(station: Station) -> str:
    """Return a station in a sentence, for who reads the picture by ear."""
    parts = [f"{station.ref} {station.title}", word_of(station.state)]
    if station.count:
        parts.append(f"{station.done} of {station.count} work packages done")
    if station.junction:
        parts.append(_told_of(station.junction))
    return "; ".join(parts)


def _told_of(junction: Junction) -> str:
    options = ", ".join(
        f"{sign.letter} {sign.label}"
        + (" (chosen)" if sign.chosen else " (recommended)" if sign.recommended else "")
        for sign in junction.signs
    )
    return f"decision {junction.ref}: {junction.title} {options}"


def drawn(card: Card, x: int, y: int) -> str:
    """Return a card as an element, its upper left corner at a point in pixels."""
    station = card.station
    height = card.height * UNIT
    classes = f"station {station.state}" + (" main" if station.main else "")
    return element(
        "g",
        element("title", escaped(told(station))),
        element("rect", class_="card", width=WIDTH, height=height, rx=8),
        element("g", *_texts(card), clip_path="url(#inside)"),
        *_progress(station, _below_title(len(card.title))),
        *_switch(station.junction),
        *_merge(station),
        element("g", *sign(station.state), transform=f"translate(0 {_MIDDLE})"),
        class_=classes,
        id=f"s-{station.ref}",
        transform=f"translate({x} {y})",
    )


def _texts(card: Card) -> list[str]:
    station = card.station
    found = [text(station.ref, _LEFT, 20, "ref")]
    if facts := _facts(station):
        found.append(text(facts, _RIGHT, 20, "quiet end"))
    found += [text(line, _LEFT, 39 + 17 * at, "title") for at, line in enumerate(card.title)]
    top = _below_title(len(card.title)) + 26
    found += [
        text(line, _LEFT, top + 16 * at, "question") for at, line in enumerate(card.question)
    ]
    return found


def _facts(station: Station) -> str:
    """Return progress and hours left, or how it stands where it has nothing to do."""
    if station.state is State.CLOSED:
        return "closed"
    hours = f"{station.hours:.0f} h" if station.hours >= 1 else ""
    count = f"{station.done}/{station.count}" if station.count else ""
    return cut(" · ".join(filter(None, (count, hours))), _RIGHT - _LEFT - 40, _SMALL)


def _progress(station: Station, top: int) -> list[str]:
    if not station.count or (station.state is State.CLOSED and not station.done):
        return []
    width = _RIGHT - _LEFT
    found = [element("rect", class_="trough", x=_LEFT, y=top, width=width, height=5, rx=2.5)]
    if station.done:
        done = max(width * station.share, 5.0)
        found.append(
            element("rect", class_="bar", x=_LEFT, y=top, width=done, height=5, rx=2.5)
        )
    return found


def _switch(junction: Junction | None) -> list[str]:
    """Return the diamond at the end of a card where tracks part."""
    if junction is None:
        return []
    classes = "sign switch" + (
        " decided" if junction.decided else " due" if junction.due else ""
    )
    return [element("path", class_=classes, d=_diamond(WIDTH, 9))]


def _merge(station: Station) -> list[str]:
    """Return the diamond before a card where tracks meet."""
    return [element("path", class_="sign merge", d=_diamond(-24, 7))] if station.merge else []


def _diamond(x: int, reach: int) -> str:
    return f"M{x - reach} {_MIDDLE}l{reach} {-reach}l{reach} {reach}l{-reach} {reach}z"


def sign(state: State) -> list[str]:
    """Return the shapes that tell a state, around a point: each its own, so colour only helps."""
    ring = element("circle", class_="sign ring", r=8)
    cross = element("path", class_="sign mark", d="M-3.5 -3.5l7 7M-3.5 3.5l7 -7")
    marks = {
        State.DONE: element("path", class_="sign mark", d="M-4 0l3 3.5l5.5 -6.5"),
        State.DOING: element("path", class_="dot", d="M0 -8a8 8 0 0 1 0 16z"),
        State.READY: element("circle", class_="dot", r=3.5),
        State.CLOSED: cross,
    }
    return [ring, marks.get(state, "")]
