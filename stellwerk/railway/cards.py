"""The railway as cards (zoom 2): each station a box with title, progress and what it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from stellwerk.railway.canvas import Canvas
from stellwerk.railway.fitting import fitted, padded, wrapped
from stellwerk.railway.glyphs import Charset
from stellwerk.railway.overview import STYLES, sign_of
from stellwerk.railway.plot import Box, Plot, Size, Spacing, plotted
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import Scene, State, Station
from stellwerk.railway.sheet import Sheet

_WIDEST: Final = 26
_NARROWEST: Final = 14
_TITLE_ROWS: Final = 2
_PORT: Final = 2
"""Row of a card at which tracks that come from the left meet it."""


class _Form(NamedTuple):
    """What the cards in one row of a drawing have in common.

    Attributes:
        inner: Cells between their frames.
        titles: Rows of the titles.
        asks: Whether there is a row for what a switch asks.
        charset: Of the drawing.
    """

    inner: int
    titles: int
    asks: bool
    charset: Charset

    @property
    def rows(self) -> int:
        """Rows of a card, with its frame."""
        return self.titles + self.asks + 3


class _Frame(NamedTuple):
    """The characters around a card, and where a track comes in and goes out."""

    corners: str
    across: str
    along: str
    ports: str


_HEAVY: Final = _Frame("┏┓┗┛", "━", "┃", "┫┣┻┳")
_LIGHT: Final = _Frame("╭╮╰╯", "─", "│", "┤├┴┬")
_DASHED: Final = _Frame("╭╮╰╯", "╌", "╎", "┤├┴┬")
_PLAIN: Final = _Frame("++++", "-", "|", "++++")


def cards(scene: Scene, view: View) -> list[str] | None:
    """Return the lines of a railway of cards from left to right, or None if it is too long."""
    return _widest(scene, view, _WIDEST, turned=False)


def upright_cards(scene: Scene, view: View) -> list[str] | None:
    """Return the lines of a railway of cards from top to bottom, or None if it is too wide."""
    return _widest(scene, view, _WIDEST + 10, turned=True)


def _widest(scene: Scene, view: View, most: int, *, turned: bool) -> list[str] | None:
    for inner in range(most, _NARROWEST - 1, -1):
        forms, plot = _plotted(scene, inner, view.charset, turned=turned)
        if (plot.height if turned else plot.width) <= view.width:
            return _drawn(scene, plot, forms, turned=turned).lines(view)
    return None


def cards_sheet(scene: Scene, inner: int, charset: Charset, *, turned: bool = False) -> Sheet:
    """Return a railway of cards with so many cells between their frames."""
    forms, plot = _plotted(scene, inner, charset, turned=turned)
    return _drawn(scene, plot, forms, turned=turned)


def _plotted(
    scene: Scene, inner: int, charset: Charset, *, turned: bool
) -> tuple[Mapping[str, _Form], Plot]:
    forms = _forms(scene, inner, charset, turned=turned)

    def size(station: Station) -> Size:
        rows = forms[station.uid].rows
        return Size(rows, inner + 2, inner // 2) if turned else Size(inner + 2, rows, _PORT)

    return forms, plotted(scene, size, Spacing(2 if turned else 1, 2))


def _drawn(scene: Scene, plot: Plot, forms: Mapping[str, _Form], *, turned: bool) -> Sheet:
    canvas = Canvas(turned=turned)
    canvas.lay(scene.tracks, plot)
    shown = plot.turned() if turned else plot
    left = {track.tail for track in scene.tracks}
    entered = {track.head for track in scene.tracks}
    for station in scene.stations:
        ports = (station.uid in entered, station.uid in left)
        box, form = shown.boxes[station.uid], forms[station.uid]
        _card(canvas, station, box, form, ports, turned=turned)
    canvas.letter(scene.tracks, plot)
    return Sheet(canvas, shown.boxes, shown.width, shown.height)


def _forms(scene: Scene, inner: int, charset: Charset, *, turned: bool) -> Mapping[str, _Form]:
    """Return the form of each card by uid: those beside each other are equally high."""
    rows: dict[int, list[Station]] = {}
    for station in scene.stations:
        rows.setdefault(station.layer if turned else station.lane, []).append(station)
    found: dict[str, _Form] = {}
    for row in rows.values():
        heads = (wrapped(_head(each, charset), inner, _TITLE_ROWS, charset) for each in row)
        asks = any(_asks(each, charset) for each in row)
        form = _Form(inner, max(map(len, heads)), asks, charset)
        found |= {station.uid: form for station in row}
    return found


def _card(
    canvas: Canvas,
    station: Station,
    box: Box,
    form: _Form,
    ports: tuple[bool, bool],
    *,
    turned: bool,
) -> None:
    """Write a card; where tracks come in and go out its frame is open to them."""
    frame, style = _frame(station, form.charset), STYLES[station.state]
    left, right, up, down = tuple(frame.ports)
    port = form.inner // 2
    for bottom, at in ((False, 0), (True, box.height - 1)):
        corners = frame.corners[2:] if bottom else frame.corners[:2]
        edge = frame.across * form.inner
        if turned and ports[bottom]:
            edge = edge[: port - 1] + (down if bottom else up) + edge[port:]
        canvas.write(box.x, box.y + at, f"{corners[0]}{edge}{corners[1]}", style)
    for at, text in enumerate(_lines(station, form), 1):
        met = at == _PORT and not turned
        ends = (
            left if met and ports[0] else frame.along,
            right if met and ports[1] else frame.along,
        )
        inner = padded(text, form.inner)
        canvas.write(box.x, box.y + at, f"{ends[0]}{inner}{ends[1]}", style)


def _frame(station: Station, charset: Charset) -> _Frame:
    if charset.plain:
        return _PLAIN
    if station.state is State.CLOSED:
        return _DASHED
    return _HEAVY if station.main else _LIGHT


def _head(station: Station, charset: Charset) -> str:
    return f"{sign_of(station, charset)} {station.ref} {station.title}"


def _lines(station: Station, form: _Form) -> Iterator[str]:
    """Yield the lines inside a card."""
    charset, room = form.charset, form.inner
    titles = wrapped(_head(station, charset), room, form.titles, charset)
    yield from (*titles, *[""] * (form.titles - len(titles)))
    yield _progress(station, room, charset)
    if form.asks:
        yield fitted(_asks(station, charset), room, charset)


def _progress(station: Station, room: int, charset: Charset) -> str:
    if not station.count:
        return fitted("no work yet", room, charset)
    told = f" {station.done}/{station.count}"
    hours = f" {station.hours:.0f} h" if station.hours else ""
    length = max(min(room - len(told) - len(hours), 10), 0)
    done = round(station.share * length)
    bar = charset.bar[0] * done + charset.bar[1] * (length - done)
    return fitted(f"{bar}{told}{hours}", room, charset)


def _asks(station: Station, charset: Charset) -> str:
    junction = station.junction
    if junction is None:
        return "closed" if station.state is State.CLOSED else ""
    chosen = next((sign for sign in junction.signs if sign.chosen), None)
    if chosen:
        return f"{charset.chosen} {chosen.letter} {chosen.label}"
    return f"{charset.switch} {junction.title}"
