"""Which routes lie before, behind and beside which, as sets of bits: one pass a question.

A route's bit stands for it in all sets of its plan. How switches are set now plays no part:
what is said here holds however they will be set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, reduce
from operator import and_
from typing import TypeAlias

from stellwerk.domain.graph import topological_order
from stellwerk.domain.plan import Plan

Bits: TypeAlias = int
"""A set of routes: a bit for each."""


class Reach:
    """The routes of a plan in their order, and how far one gets from each.

    Attributes:
        order: Uids of the routes, each before those behind it.
        bit: Of each route.
    """

    def __init__(self, plan: Plan) -> None:
        self._index = plan.index
        self.order = topological_order([route.uid for route in plan.routes], plan.index.after)
        self.bit: Mapping[str, Bits] = {uid: 1 << at for at, uid in enumerate(self.order)}

    @cached_property
    def before(self) -> Mapping[str, Bits]:
        """All routes from which a way leads to a route."""
        return self.along(self.order, self._index.before)

    @cached_property
    def behind(self) -> Mapping[str, Bits]:
        """All routes to which a way leads from a route."""
        return self.along(reversed(self.order), self._index.after)

    @cached_property
    def open_before(self) -> Mapping[str, Bits]:
        """All routes from which a way that no switch can close leads to a route."""
        switches = self._index.switch_at
        tails = {
            uid: [tail for tail in self._index.before[uid] if tail not in switches]
            for uid in self.order
        }
        return self.along(self.order, tails)

    @cached_property
    def open_behind(self) -> Mapping[str, Bits]:
        """All routes to which a way that no switch can close leads from a route."""
        switches = self._index.switch_at
        heads = {uid: () if uid in switches else self._index.after[uid] for uid in self.order}
        return self.along(reversed(self.order), heads)

    @cached_property
    def certain(self) -> Mapping[str, Bits]:
        """The routes behind a route that are travelled whenever it is."""
        found: dict[str, Bits] = {}
        for uid in reversed(self.order):
            ways = [self.bit[head] | found[head] for head in self._index.after[uid]]
            switched = uid in self._index.switch_at
            found[uid] = reduce(and_, ways) if switched else _union(ways)
        return found

    @cached_property
    def sure(self) -> Bits:
        """The routes that are travelled however the switches are set."""
        roots = (uid for uid in self.order if not self._index.before[uid])
        return _union(self.bit[uid] | self.certain[uid] for uid in roots)

    @cached_property
    def company(self) -> Mapping[str, Bits]:
        """The routes that are travelled whenever a route is, itself included; not always all."""
        found: dict[str, Bits] = {}
        for uid in self.order:
            tails = [found[tail] for tail in self._index.before[uid]]
            found[uid] = self.bit[uid] | self.certain[uid] | self.sure
            found[uid] |= reduce(and_, tails) if tails else 0
        return found

    @cached_property
    def awaited(self) -> Mapping[str, Bits]:
        """The routes that are settled or closed once a route can be entered; not always all."""
        found: dict[str, Bits] = {}
        for uid in self.order:
            tails = [self.bit[tail] | found[tail] for tail in self._index.before[uid]]
            found[uid] = self.open_before[uid] | (reduce(and_, tails) if tails else 0)
        return found

    def along(
        self, order: Iterable[str], onward: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Bits]:
        """Return all that is reached from each route.

        Args:
            order: Uids of all routes, each after those that its way leads on to.
            onward: The next routes of each.
        """
        found: dict[str, Bits] = {}
        for uid in order:
            found[uid] = _union(self.bit[each] | found[each] for each in onward[uid])
        return found


def _union(sets: Iterable[Bits]) -> Bits:
    whole = 0
    for each in sets:
        whole |= each
    return whole
