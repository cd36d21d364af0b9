"""The railway as cards (zoom 2): each station a box with title, progress and what it asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from stellwerk.railway.canvas import Canvas
from stellwerk.railway.fitting import fitted, padded
from stellwerk.railway.glyphs import Charset
from stellwerk.railway.overview import STYLES, sign_of
from stellwerk.railway.plot import Box, Size, Spacing, plotted
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import Scene, State, Station

_WIDEST: Final = 26
_NARROWEST: Final = 14
_ROWS: Final = 5
"""Rows of a card: frame, title, progress, what it asks, frame."""


class _Frame(NamedTuple):
    """The characters around a card, and where a track comes in and goes out."""

    corners: str
    across: str
    along: str
    ports: str


_HEAVY: Final = _Frame("┏┓┗┛", "━", "┃", "┫┣")
_LIGHT: Final = _Frame("╭╮╰╯", "─", "│", "┤├")
_DASHED: Final = _Frame("╭╮╰╯", "╌", "╎", "┤├")
_PLAIN: Final = _Frame("++++", "-", "|", "++")


def cards(scene: Scene, view: View) -> list[str] | None:
    """Return the lines of a railway of cards from left to right, or None if it is too long."""
    charset = view.charset
    for inner in range(_WIDEST, _NARROWEST - 1, -1):
        plot = plotted(scene, lambda _: Size(inner + 2, _ROWS, 2), Spacing(1, 2))  # noqa: B023
        if plot.width <= view.width:
            break
    else:
        return None
    canvas = Canvas()
    canvas.lay(scene.tracks, plot)
    ends = {track.tail for track in scene.tracks}, {track.head for track in scene.tracks}
    for station in scene.stations:
        ports = (station.uid in ends[1], station.uid in ends[0])
        _card(canvas, station, plot.boxes[station.uid], ports, charset)
    for track in scene.tracks:
        if track.letter:
            x, y = plot.paths[track.tail, track.head][-1]
            canvas.write(x, y, track.letter, "magenta")
    return list(canvas.lines(plot.height, charset, view.paint))


def upright_cards(scene: Scene, view: View) -> list[str] | None:
    """Return the lines of a railway of cards from top to bottom, or None if it is too wide."""
    charset = view.charset
    for inner in range(_WIDEST + 10, _NARROWEST - 1, -1):
        plot = plotted(
            scene,
            lambda _: Size(_ROWS, inner + 2, inner // 2),  # noqa: B023
            Spacing(2, 1),
        ).turned()
        if plot.width <= view.width:
            break
    else:
        return None
    canvas = Canvas(turned=True)
    canvas.lay(scene.tracks, plot.turned())
    for station in scene.stations:
        box = plot.boxes[station.uid]
        _card(canvas, station, box, (False, False), charset)
    return list(canvas.lines(plot.height, charset, view.paint))


def _card(
    canvas: Canvas, station: Station, box: Box, ports: Sequence[bool], charset: Charset
) -> None:
    frame, style = _frame(station, charset), STYLES[station.state]
    inner = box.width - 2
    left, right = (frame.ports[at] if ports[at] else frame.along for at in (0, 1))
    top, bottom = frame.corners[:2], frame.corners[2:]
    canvas.write(box.x, box.y, f"{top[0]}{frame.across * inner}{top[1]}", style)
    for down, text in enumerate(_lines(station, inner, charset), 1):
        ends = (left, right) if down == 2 else (frame.along, frame.along)
        canvas.write(box.x, box.y + down, f"{ends[0]}{padded(text, inner)}{ends[1]}", style)
    line = f"{bottom[0]}{frame.across * inner}{bottom[1]}"
    canvas.write(box.x, box.y + _ROWS - 1, line, style)


def _frame(station: Station, charset: Charset) -> _Frame:
    if charset.plain:
        return _PLAIN
    if station.state is State.CLOSED:
        return _DASHED
    return _HEAVY if station.main else _LIGHT


def _lines(station: Station, room: int, charset: Charset) -> Iterator[str]:
    """Yield the three lines inside a card."""
    yield fitted(f"{sign_of(station, charset)}{station.ref} {station.title}", room, charset)
    yield _progress(station, room, charset)
    yield fitted(f" {_asks(station, charset)}", room, charset)


def _progress(station: Station, room: int, charset: Charset) -> str:
    if not station.count:
        return fitted(" no work yet", room, charset)
    told = f" {station.done}/{station.count}"
    hours = f" {station.hours:.0f} h" if station.hours else ""
    length = max(min(room - len(told) - len(hours) - 2, 10), 0)
    done = round(station.share * length)
    bar = charset.bar[0] * done + charset.bar[1] * (length - done)
    return fitted(f" {bar}{told}{hours}", room, charset)


def _asks(station: Station, charset: Charset) -> str:
    junction = station.junction
    if junction is None:
        return "closed" if station.state is State.CLOSED else ""
    chosen = next((sign for sign in junction.signs if sign.chosen), None)
    if chosen:
        return f"{charset.chosen} {chosen.letter} {chosen.label}"
    return f"{charset.switch} {junction.title}"
