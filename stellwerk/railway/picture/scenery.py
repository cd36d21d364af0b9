"""A scene as a picture: tracks, labels and cards in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from stellwerk.railway.picture.cards import UNIT, Card, card_of, drawn
from stellwerk.railway.picture.labels import OFFSET, labelled, labels
from stellwerk.railway.picture.markup import element
from stellwerk.railway.picture.strokes import bridges_of, stroke
from stellwerk.railway.plot import Plot, Size, Spacing, plotted
from stellwerk.railway.scene import Scene, Station, Track, Weight

_BEFORE: Final = 3
"""Cells before a card where tracks meet or carry nothing."""
_MARGIN: Final = 24
_ABOVE: Final = 38
"""Pixels over the first row, in which the label of a track may stand."""
_ORDER: Final = (Weight.CLOSED, Weight.TENTATIVE, Weight.LIVE, Weight.MAIN)
"""Tracks drawn later lie above."""


class Picture(NamedTuple):
    """A drawn scene.

    Attributes:
        markup: Elements of SVG, with their upper left corner at (0, 0).
        width: Pixels.
        height: Pixels.
    """

    markup: str
    width: int
    height: int


def pictured(scene: Scene) -> Picture:
    """Return the picture of a scene."""
    cards = {station.uid: card_of(station) for station in scene.stations}
    roomy = labelled(scene)

    def size(station: Station) -> Size:
        offset = OFFSET if station.layer in roomy else _BEFORE
        return cards[station.uid].size(offset if station.layer else 1)

    plot = plotted(scene, size, Spacing(2, 2))
    content = element(
        "g",
        element("g", *_strokes(scene, plot), class_="tracks"),
        element("g", *labels(scene, plot), class_="labels"),
        element("g", *_cards(cards, plot), class_="stations"),
        transform=f"translate({_MARGIN} {_ABOVE})",
    )
    return Picture(
        content, plot.width * UNIT + 2 * _MARGIN, plot.height * UNIT + _ABOVE + _MARGIN
    )


def _strokes(scene: Scene, plot: Plot) -> Iterator[str]:
    refs = {station.uid: station.ref for station in scene.stations}
    bridges = bridges_of(scene.tracks, plot)
    for track in sorted(scene.tracks, key=lambda each: _ORDER.index(each.weight)):
        path = stroke(plot.paths[track.tail, track.head], _ends(track, plot), bridges, UNIT)
        names = {"data_from": refs[track.tail], "data_to": refs[track.head]}
        yield element("path", class_=f"track {track.weight}", d=path, **names)


def _ends(track: Track, plot: Plot) -> tuple[int, int]:
    """Return where a track leaves one card and reaches the other, in pixels."""
    tail, head = plot.boxes[track.tail], plot.boxes[track.head]
    return (tail.x + tail.width) * UNIT, head.x * UNIT


def _cards(cards: Mapping[str, Card], plot: Plot) -> Iterator[str]:
    for uid, card in cards.items():
        box = plot.boxes[uid]
        yield drawn(card, box.x * UNIT, box.y * UNIT)
