"""Labels on tracks: the letter of each option on its track, and its words above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from stellwerk.railway.picture.cards import UNIT
from stellwerk.railway.picture.lettering import cut, wrapped
from stellwerk.railway.picture.markup import element, escaped, plain, text
from stellwerk.railway.plot import Plot, Point
from stellwerk.railway.scene import Scene, Sign, Track, Weight

OFFSET: Final = 12
"""Cells before a card kept free where an option's track comes in."""
_SIZE: Final = 11
_ROOM: Final = (OFFSET + 1) * UNIT - 8
_MOST: Final = 3


class _Label(NamedTuple):
    """An option and its track."""

    track: Track
    sign: Sign


def labelled(scene: Scene) -> frozenset[int]:
    """Return the layers in which tracks of options arrive."""
    return frozenset(track.points[1][0] for track in scene.tracks if track.letter)


def labels(scene: Scene, plot: Plot) -> Iterator[str]:
    """Yield the labels of all options, as elements."""
    begins: dict[int, int] = {}
    for station in scene.stations:
        x = plot.boxes[station.uid].x
        begins[station.layer] = min(begins.get(station.layer, x), x)
    signs = _signs(scene)
    places: dict[tuple[int, int], list[_Label]] = defaultdict(list)
    for track in scene.tracks:
        if track.letter and (sign := signs.get((track.tail, track.head))):
            places[track.points[1]].append(_Label(track, sign))
    for (layer, _), held in places.items():
        x = begins[layer] - OFFSET
        path = plot.paths[held[0].track.tail, held[0].track.head]
        yield from _place(held, (x - 1) * UNIT, _row(path, x) * UNIT + UNIT // 2)


def _row(path: Sequence[Point], x: int) -> int:
    """Return the row in which a path runs at a column."""
    runs = ((x0, x1, y0) for (x0, y0), (x1, _) in pairwise(path))
    return next((y for x0, x1, y in runs if x0 <= x <= x1 and x0 < x1), path[-1][1])


def _signs(scene: Scene) -> Mapping[tuple[str, str], Sign]:
    return {
        (station.uid, sign.head): sign
        for station in scene.stations
        if station.junction
        for sign in station.junction.signs
    }


def _place(held: Sequence[_Label], x: int, y: int) -> Iterator[str]:
    """Yield the labels that share a track: one with its words in two lines, or several."""
    shown = held[:_MOST]
    for at, label in enumerate(shown):
        yield _pill(label, x + 10 + 20 * at, y)
    if len(held) == 1:
        lines = [(line, held[0]) for line in wrapped(_told(held[0]), _ROOM, 2, _SIZE)]
    else:
        told = [f"{label.sign.ref} {_told(label)}" for label in shown]
        lines = [
            (cut(line, _ROOM, _SIZE), label) for line, label in zip(told, shown, strict=True)
        ]
    for up, (line, label) in enumerate(reversed(lines)):
        yield text(line, x, y - 13 - 13 * up, f"option halo {_state(label)}".rstrip())


def _told(label: _Label) -> str:
    star = "★ " if label.sign.recommended and not label.sign.chosen else ""
    return star + plain(label.sign.label)


def _pill(label: _Label, x: int, y: int) -> str:
    sign, state = label.sign, _state(label)
    meaning = " (chosen)" if sign.chosen else " (recommended)" if sign.recommended else ""
    classes = f" {state}".rstrip()
    return element(
        "g",
        element("title", escaped(f"{sign.ref} {sign.label}{meaning}")),
        element("circle", class_=f"sign pill{classes}", cx=x, cy=y, r=8),
        text(sign.letter, x, y + 3.5, f"letter{classes}"),
    )


def _state(label: _Label) -> str:
    if label.sign.chosen:
        return "chosen"
    return "closed" if label.track.weight is Weight.CLOSED else ""
