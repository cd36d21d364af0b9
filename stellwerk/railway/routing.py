"""Where tracks change lanes between two layers, so that no drawing can be read wrongly.

Between a layer and the next a row belongs to who stands on it before, then to who stands on it
behind. A track leaves its row at an elbow, runs across, and enters another one. Tracks that
part at a fork share an elbow, and those that meet at a merge share one; a track from a fork to
a merge has both, and a row of its own between them: else one could read from the merge's other
tracks back into the fork's. A row is entered only behind all elbows that leave it; tracks that
would have to wait for each other, as when two change places, get two elbows as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Row: TypeAlias = tuple[int, int]
"""A lane, and which of the rows between it and the next one; 0 is the lane itself."""


class Leg(NamedTuple):
    """A track between two layers.

    Attributes:
        tail: Vertex it comes from.
        head: Vertex it goes to.
        start: Lane it comes along.
        end: Lane it goes on along.
    """

    tail: Hashable
    head: Hashable
    start: int
    end: int


class Elbow(NamedTuple):
    """A stretch across the lanes.

    Attributes:
        column: How far behind the layer, from 0.
        start: Where it begins.
        end: Where it ends.
    """

    column: int
    start: Row
    end: Row


@dataclass(frozen=True, slots=True)
class Gap:
    """The elbows between a layer and the next.

    Attributes:
        elbows: Of each leg that changes lanes, one or two.
        width: Columns they take.
        busy: Whether elbows may cross tracks, so that nobody may stand right beside them.
        apart: Whether somebody stands before and somebody else behind, and no track between.
    """

    elbows: Mapping[Leg, tuple[Elbow, ...]]
    width: int
    busy: bool = False
    apart: bool = False


@dataclass(slots=True)
class _Trunk:
    """What shares an elbow.

    Attributes:
        rows: All that it touches.
        leaves: Lanes that it leaves.
        enters: Lanes that it enters.
        after: Trunks it must stand behind.
    """

    rows: set[Row] = field(default_factory=set)
    leaves: set[int] = field(default_factory=set)
    enters: set[int] = field(default_factory=set)
    after: set[int] = field(default_factory=set)


def routed(legs: Sequence[Leg]) -> Gap:
    """Return the elbows of all tracks between a layer and the next.

    Args:
        legs: The tracks, those that run straight on included.
    """
    tails, heads = Counter(leg.tail for leg in legs), Counter(leg.head for leg in legs)
    bent = [leg for leg in legs if leg.start != leg.end]
    twice = {leg for leg in bent if tails[leg.tail] > 1 and heads[leg.head] > 1}
    while True:
        router = _Router(bent, twice, tails, heads)
        stuck = router.stuck()
        if not stuck:
            return router.gap({leg.start for leg in legs if leg.start == leg.end})
        twice |= stuck


class _Router:
    """Gives legs their trunks, and trunks their columns."""

    def __init__(
        self,
        legs: Sequence[Leg],
        twice: Iterable[Leg],
        tails: Mapping[Hashable, int],
        heads: Mapping[Hashable, int],
    ) -> None:
        self._between = _own_rows([leg for leg in legs if leg in set(twice)])
        self._names: dict[Hashable, int] = {}
        self._trunks: list[_Trunk] = []
        self._ways: dict[Leg, tuple[int, ...]] = {}
        for leg in legs:
            out: Hashable = ("out", leg.tail) if tails[leg.tail] > 1 else ("out", leg)
            into: Hashable = ("in", leg.head) if heads[leg.head] > 1 else ("in", leg)
            if (row := self._between.get(leg)) is not None:
                first = self._joined(out, {(leg.start, 0), row}, leaves=leg.start)
                last = self._joined(into, {row, (leg.end, 0)}, enters=leg.end)
                self._trunks[last].after.add(first)
                self._ways[leg] = (first, last)
            else:
                name = into if heads[leg.head] > 1 else out
                rows = {(leg.start, 0), (leg.end, 0)}
                only = self._joined(name, rows, leaves=leg.start, enters=leg.end)
                self._ways[leg] = (only,)
        self._wait()

    def _joined(
        self,
        name: Hashable,
        rows: set[Row],
        leaves: int | None = None,
        enters: int | None = None,
    ) -> int:
        """Return the number of the trunk of that name, which touches some rows now."""
        number = self._names.setdefault(name, len(self._trunks))
        if number == len(self._trunks):
            self._trunks.append(_Trunk())
        trunk = self._trunks[number]
        trunk.rows |= rows
        trunk.leaves |= set() if leaves is None else {leaves}
        trunk.enters |= set() if enters is None else {enters}
        return number

    def _wait(self) -> None:
        """Let each trunk wait for those that leave a lane it enters."""
        leaving: dict[int, set[int]] = defaultdict(set)
        for number, trunk in enumerate(self._trunks):
            for lane in trunk.leaves:
                leaving[lane].add(number)
        for number, trunk in enumerate(self._trunks):
            for lane in trunk.enters:
                trunk.after |= leaving[lane] - {number}

    def stuck(self) -> set[Leg]:
        """Return the legs with one elbow whose trunks wait for each other, or for themselves."""
        left = set(range(len(self._trunks)))
        while free := {n for n in left if not (self._trunks[n].after & left)}:
            left -= free
        own = {n for n, trunk in enumerate(self._trunks) if trunk.leaves & trunk.enters}
        return {
            leg
            for leg, way in self._ways.items()
            if len(way) == 1 and not left.union(own).isdisjoint(way)
        }

    def gap(self, straight: Collection[int]) -> Gap:
        """Return the elbows, each trunk in the first column that is free for it.

        Args:
            straight: Lanes along which tracks run straight on.
        """
        columns: dict[int, int] = {}
        spans = [(min(trunk.rows), max(trunk.rows)) for trunk in self._trunks]
        taken: dict[int, list[tuple[Row, Row]]] = defaultdict(list)
        while len(columns) < len(self._trunks):
            for number, trunk in enumerate(self._trunks):
                if number in columns or not trunk.after <= columns.keys():
                    continue
                low, high = spans[number]
                column = max((columns[each] + 1 for each in trunk.after), default=0)
                while any(low <= end and start <= high for start, end in taken[column]):
                    column += 1
                columns[number] = column
                taken[column].append((low, high))
        elbows = {leg: self._elbows(leg, way, columns) for leg, way in self._ways.items()}
        width = max(columns.values(), default=-1) + 1
        crossed = any(low < (lane, 0) < high for low, high in spans for lane in straight)
        return Gap(elbows, width, busy=crossed or len(self._trunks) > 1)

    def _elbows(
        self, leg: Leg, way: tuple[int, ...], columns: Mapping[int, int]
    ) -> tuple[Elbow, ...]:
        stops = [(leg.start, 0), (leg.end, 0)]
        if leg in self._between:
            stops.insert(1, self._between[leg])
        pairs = zip(way, stops, stops[1:], strict=False)
        return tuple(Elbow(columns[number], start, end) for number, start, end in pairs)


def _own_rows(legs: Sequence[Leg]) -> dict[Leg, Row]:
    """Return a row for each leg that it has for itself: beside its end, on the side it comes from."""
    used: Counter[int] = Counter()
    rows: dict[Leg, Row] = {}
    for leg in sorted(legs, key=lambda each: (each.end, each.start)):
        lane = leg.end - 1 if leg.start < leg.end else leg.end
        used[lane] += 1
        rows[leg] = (lane, used[lane])
    return rows
