"""The railway as lines of text: tracks, stations with their state, titles, switches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.railway import Railway, Signal, railway_of
from stellwerk.domain.refs import letters
from stellwerk.domain.text import shortened
from stellwerk.domain.work import Status
from stellwerk.railway.tracks import DOWN, LEFT, RIGHT, UP, Row, glyphs, rows_of

Paint: TypeAlias = Callable[[str, str], str]
"""Takes a style (`bold green`) and a text, returns the text in that style."""


class Charset(NamedTuple):
    """The characters of a drawing; a station's state is told apart by shape alone."""

    tracks: Mapping[int, str]
    stations: Mapping[str, str]
    switch: str
    ellipsis: str = "…"


_ARMS: Final = (
    0,
    UP | DOWN,
    LEFT | RIGHT,
    UP | RIGHT,
    UP | LEFT,
    DOWN | RIGHT,
    DOWN | LEFT,
    UP | DOWN | RIGHT,
    UP | DOWN | LEFT,
    LEFT | RIGHT | DOWN,
    LEFT | RIGHT | UP,
    UP | DOWN | LEFT | RIGHT,
    UP,
    DOWN,
)
STATES: Final = ("done", "doing", "ready", "ahead", "tentative", "closed")
UNICODE: Final = Charset(
    dict(zip(_ARMS, " ┃━┗┛┏┓┣┫┳┻╋┃┃", strict=True)),
    dict(zip(STATES, "●◐◎○◌×", strict=True)),
    "◆",
)
ASCII: Final = Charset(
    dict(zip(_ARMS, " |-+++++++++||", strict=True)),
    dict(zip(STATES, "*%@o?x", strict=True)),
    "<>",
    "...",
)
_LEAST_ROOM: Final = 14
"""Cells a title and what stands around it need."""
_STYLES: Final = {
    "done": "green",
    "doing": "bold yellow",
    "ready": "bold cyan",
    "ahead": "",
    "tentative": "dim",
    "closed": "dim",
}


def state_of(route: Route, railway: Railway, ready: frozenset[str]) -> str:
    """Return the state of a route: one of `STATES`."""
    signal = railway.signals[route.uid]
    if signal is Signal.CLOSED:
        return "closed"
    if _worked_off(route):
        return "done"
    if any(p.status in (Status.DOING, Status.WAITING, Status.DONE) for p in route.packages):
        return "doing"
    if any(package.uid in ready for package in route.packages):
        return "ready"
    return "tentative" if signal is Signal.TENTATIVE else "ahead"


def draw(
    plan: Plan, width: int, *, charset: Charset = UNICODE, paint: Paint = lambda _, text: text
) -> list[str]:
    """Return the lines of a plan's railway, none of them wider than `width` cells."""
    railway = railway_of(plan)
    ready, decisions = frozenset(railway.ready), frozenset(railway.decisions)
    routes = {route.uid: route for route in plan.routes}
    open_now = {switch.route for switch in plan.switches if switch.uid in decisions}
    rows, tracks = _narrow_enough(plan, width)
    room = width - max(tracks, 1) - 2
    lines = []
    for row in rows:
        cells = list(glyphs(row, charset.tracks).ljust(tracks))
        if row.station is None:
            lines.append("".join(cells).rstrip()[:width])
            continue
        route = routes[row.station]
        state = state_of(route, railway, ready)
        style = _STYLES[state]
        cells[row.at] = charset.stations[state]
        label = _label(route, room, charset)
        if not tracks and (before := [plan.ref(uid) for uid in plan.index.before[route.uid]]):
            label = _fitted(f"{label} < {', '.join(before)}", room, charset)
        lines.append(f"{_painted(cells, row, style, paint)}  {paint(style, label)}")
        lead = glyphs(Row(_below(row)), charset.tracks).ljust(tracks)
        shown = "bold magenta" if route.uid in open_now else "magenta"
        told = _decision(plan, route, room, shown, charset, paint)
        lines += [f"{lead}  {line}" for line in told]
    return lines


def _narrow_enough(plan: Plan, width: int) -> tuple[tuple[Row, ...], int]:
    """Return rows and the cells their tracks take; without tracks if none leave room."""
    wide = rows_of(plan)
    for rows in (wide, rows_of(plan, 1)):
        tracks = max((len(row.arms) for row in rows), default=0)
        if tracks + _LEAST_ROOM <= width:
            return rows, tracks
    return tuple(row._replace(arms=(0,), at=0) for row in wide if row.station), 0


def _painted(cells: list[str], row: Row, style: str, paint: Paint) -> str:
    before, after = "".join(cells[: row.at]), "".join(cells[row.at + 1 :])
    return f"{before}{paint(style, cells[row.at])}{after}"


def _label(route: Route, room: int, charset: Charset) -> str:
    packages = list(route.packages)
    done = sum(package.status is Status.DONE for package in packages)
    ref = f"r{route.number}"
    count = f"  {done}/{len(packages)}" if packages else ""
    title = _fitted(route.title, room - len(ref) - 1 - len(count), charset)
    return _fitted(f"{ref} {title}{count}", room, charset)


def _decision(
    plan: Plan, route: Route, room: int, style: str, charset: Charset, paint: Paint
) -> Iterator[str]:
    """Yield the lines that tell of the switch at the end of a route."""
    switch = plan.index.switch_at.get(route.uid)
    if switch is None:
        return
    title = f"{charset.switch} d{switch.number} {switch.title}"
    yield paint(style, _fitted(title, room, charset))
    for option in switch.options:
        chosen = option.uid == switch.chosen
        head = f" > {plan.ref(option.head)}"
        told = f"  {'*' if chosen else ' '} {letters(option.number)} {option.label}"
        quiet = "dim" if switch.chosen and not chosen else ""
        yield paint(quiet, _fitted(told, room - len(head), charset) + head)


def _below(row: Row) -> tuple[int, ...]:
    """Return the row under a station, in which the lanes run on."""
    return tuple(arms if arms in (0, UP | DOWN) else arms & DOWN for arms in row.arms)


def _fitted(text: str, room: int, charset: Charset) -> str:
    """Return text cut to a number of terminal cells."""
    if text.isascii() and len(text) <= room:
        return text
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= room:
        return text
    if room <= len(charset.ellipsis):
        return ""
    cut = shortened(text, room) if cell_len(text) == len(text) else text
    if cell_len(cut) <= room and charset.ellipsis == "…":
        return cut
    return (
        set_cell_size(cut.rstrip("…"), room - len(charset.ellipsis)).rstrip()
        + charset.ellipsis
    )


def _worked_off(route: Route) -> bool:
    packages = list(route.packages)
    return bool(packages) and all(package.settled for package in packages)
