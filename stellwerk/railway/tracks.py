"""A vertical railway: one row a route, from the first at the top to the last.

Each edge runs down a lane of its own. Between two routes stands a row of tracks where lanes
part (a fork or switch), meet (a merge) or end. A track that crosses a lane it has no part in
passes under it: only real switches and merges are drawn as tees. Stations that stand right
under each other are joined; a route that nothing leads to has a gap above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stellwerk.domain.graph import topological_order
from stellwerk.domain.plan import Plan

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8


class Row(NamedTuple):
    """A row of the drawing.

    Attributes:
        arms: Arms of each cell (`UP | DOWN` is a vertical line), 0 where it is empty.
        station: Uid of the route whose station stands here, or None for a row of tracks.
        at: Cell of the station.
    """

    arms: tuple[int, ...]
    station: str | None = None
    at: int = 0


def rows_of(plan: Plan, gap: int = 3) -> tuple[Row, ...]:
    """Return the rows of a plan's railway, top to bottom, with `gap` cells between lanes."""
    pitch = gap + 1
    order = topological_order([route.uid for route in plan.routes], plan.index.after)
    rank = {uid: at for at, uid in enumerate(order)}
    rows: list[Row] = []
    lanes: list[str | None] = []
    for uid in order:
        ends = [lane for lane, target in enumerate(lanes) if target == uid]
        lane = ends[0] if ends else _free(lanes, 0)
        if len(ends) > 1:
            rows.append(Row(_joined(lanes, ends, lane, UP, pitch)))
        if rows and not ends:
            rows.append(Row(tuple(_running(lanes, pitch))))
        for end in ends:
            lanes[end] = None
        rows.append(_station(lanes, lane, uid, plan, pitch))
        heads = sorted(plan.index.after[uid], key=rank.__getitem__)
        starts = _parted(lanes, lane, heads)
        if len(starts) > 1:
            rows.append(Row(_joined(lanes, starts, lane, DOWN, pitch)))
    return tuple(rows)


def glyphs(row: Row, drawn: Mapping[int, str]) -> str:
    """Return the cells of a row as text, by the glyph for each combination of arms."""
    return "".join(drawn[arms] for arms in row.arms)


def _free(lanes: list[str | None], start: int) -> int:
    """Return the first free lane from `start` on, making one if need be."""
    for lane in range(start, len(lanes)):
        if lanes[lane] is None:
            return lane
    lanes.append(None)
    return len(lanes) - 1


def _parted(lanes: list[str | None], lane: int, heads: Sequence[str]) -> list[int]:
    """Give each outgoing edge a lane, the first one the station's own."""
    starts: list[int] = []
    for head in heads:
        start = lane if not starts else _free(lanes, lane + 1)
        lanes[start] = head
        starts.append(start)
    return starts


def _station(lanes: list[str | None], lane: int, uid: str, plan: Plan, pitch: int) -> Row:
    arms = _running(lanes, pitch)
    above = UP if plan.index.before[uid] else 0
    below = DOWN if plan.index.after[uid] else 0
    arms[lane * pitch] = above | below
    return Row(tuple(arms), uid, lane * pitch)


def _joined(
    lanes: list[str | None], ends: list[int], lane: int, side: int, pitch: int
) -> tuple[int, ...]:
    """Return a row in which the lanes `ends` join `lane`, coming from one side.

    `UP` joins lanes that end here (a merge), `DOWN` lanes that begin here (a fork).
    """
    arms = _running(lanes, pitch)
    first, last = min(ends) * pitch, max(ends) * pitch
    for at in range(first, last + 1):
        on_lane, own = at % pitch == 0, at // pitch in ends
        if on_lane and own:
            arms[at] = (LEFT if at > first else 0) | (RIGHT if at < last else 0) | side
        elif not (on_lane and arms[at]):
            arms[at] = LEFT | RIGHT
    arms[lane * pitch] |= UP | DOWN
    return tuple(arms)


def _running(lanes: list[str | None], pitch: int) -> list[int]:
    """Return a row in which every lane in use runs straight on."""
    arms = [0] * ((len(lanes) - 1) * pitch + 1)
    for lane, target in enumerate(lanes):
        if target is not None:
            arms[lane * pitch] = UP | DOWN
    return arms
