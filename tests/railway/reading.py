"""Reading back which routes a drawing joins, whatever view of the railway it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from stellwerk.railway.overview import dots
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import Scene
from tests.railway.tracing import Box, traced

SIGNS: Final = "●◐◎○◌✕◆◇"
_FOLLOWS: Final = re.compile(r"^  (?:< )?((?:r\d+(?:, ?)?)+)$")
_NAMED: Final = re.compile(rf"^[{SIGNS}] (r\d+) ")


def edges_read(lines: Sequence[str], scene: Scene) -> set[tuple[str, str]]:
    """Return the edges of a drawing by refs; titles are words of letters."""
    if any(line.startswith("  < r") for line in lines):
        return _named(lines)
    if boxes := _cards(lines):
        return traced(lines, boxes, downward=_upright(lines, boxes))
    if boxes := standing(lines):
        return traced(lines, boxes, downward=True)
    if boxes := lying(lines):
        return traced(lines, boxes)
    return _dots(lines, scene)


def lying(lines: Sequence[str]) -> Mapping[str, Box]:
    """Return the stations of a railway with labels that runs from left to right."""
    found: dict[str, Box] = {}
    for y, line in enumerate(lines):
        for match in re.finditer(rf"[{SIGNS}] (r\d+)(?: [\w…]+)*", line):
            found[match[1]] = (match.start(), match.end(), y, y)
    return found


def standing(lines: Sequence[str]) -> Mapping[str, Box]:
    """Return the stations of a railway with labels that runs from top to bottom."""
    found: dict[str, Box] = {}
    for y, line in enumerate(lines):
        sign = re.search(rf"[{SIGNS}]", line)
        ref = re.search(r"  (r\d+)(?: |$)", line)
        if sign and ref and sign.start() < ref.start():
            found[ref[1]] = (sign.start(), sign.start(), y, y)
    return found


def _cards(lines: Sequence[str]) -> Mapping[str, Box]:
    found: dict[str, Box] = {}
    for y, line in enumerate(lines):
        for match in re.finditer(rf"(?<=[┃│╎├┤┫])[{SIGNS}] (r\d+)", line):
            left, top = match.start() - 1, y - 1
            right = next(x for x in range(left + 1, len(lines[top])) if lines[top][x] in "┓╮")
            bottom = next(at for at in range(y, len(lines)) if lines[at][left] in "┗╰")
            found[match[1]] = (left, right, top, bottom)
    return found


def _upright(lines: Sequence[str], boxes: Mapping[str, Box]) -> bool:
    edges = (
        lines[at][left : right + 1]
        for left, right, top, bottom in boxes.values()
        for at in (top, bottom)
    )
    return any(set(edge) & set("┻┳┴┬") for edge in edges)


def _dots(lines: Sequence[str], scene: Scene) -> set[tuple[str, str]]:
    """Read a railway without labels: its stations come in the order of layers, then lanes."""
    places = [
        (x, y) for y, line in enumerate(lines) for x, char in enumerate(line) if char in SIGNS
    ]
    downward = list(lines) == dots(scene, View(0, 9999), turned=True)
    order = sorted(places, key=lambda at: (at[1], at[0]) if downward else at)
    refs = [station.ref for station in scene.stations]
    boxes = {ref: (x, x, y, y) for ref, (x, y) in zip(refs, order, strict=True)}
    return traced(lines, boxes, downward=downward)


def _named(lines: Sequence[str]) -> set[tuple[str, str]]:
    """Read a list in which each route says what it follows."""
    found: set[tuple[str, str]] = set()
    head = ""
    for line in lines:
        if match := _NAMED.match(f"{line} "):
            head = match[1]
        elif match := _FOLLOWS.match(line):
            found |= {(tail, head) for tail in re.findall(r"r\d+", match[1])}
    return found
