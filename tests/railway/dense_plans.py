"""Seeded graphs of large plans, on which layouts are measured.

Switches with two or three branches, nested at most ten deep, each of which merges again; from
60 routes on in several streams; and one track in twenty that leads across. Figures published
for these graphs name their size and seed, so what they are made of must never change.
"""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import Final

from stellwerk.domain.graph import topological_order

Pairs = list[tuple[int, int]]
_DEPTH: Final = 10
_STREAMED: Final = 60


def dense_plan(size: int, seed: int = 1) -> tuple[int, Pairs]:
    """Return the number of nodes, from 0, and the edges (before, after)."""
    growing = _Growing(Random(seed))
    streams = 1
    if size >= _STREAMED:
        streams = max(2, size // (100 if size <= 1000 else 200))
    home: list[int] = []
    for stream in range(streams):
        growing.block(size // streams + (stream < size % streams), _DEPTH)
        home += [stream] * (growing.count - len(home))
    growing.cross(int(size * (0.05 if size >= _STREAMED else 0.06)), home)
    return growing.count, list(dict.fromkeys(growing.edges))


class _Growing:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.edges: Pairs = []
        self.count = 0

    def node(self) -> int:
        self.count += 1
        return self.count - 1

    def block(self, left: int, depth: int) -> tuple[int, int]:
        """Add chains and forks one after another; return the first and the last node."""
        ends: list[tuple[int, int]] = []
        while left > 0:
            forked = left >= 4 and depth > 0 and self.random.random() < 0.6
            most = max(4, min(left, 14)) if forked else 3
            take = min(left, self.random.randint(4 if forked else 1, most))
            left -= take
            ends.append(self.fork(take, depth) if forked else self.chain(take))
            if len(ends) > 1:
                self.edges.append((ends[-2][1], ends[-1][0]))
        return ends[0][0], ends[-1][1]

    def chain(self, length: int) -> tuple[int, int]:
        nodes = [self.node()]
        for _ in range(length - 1):
            nodes.append(self.node())
            self.edges.append((nodes[-2], nodes[-1]))
        return nodes[0], nodes[-1]

    def fork(self, take: int, depth: int) -> tuple[int, int]:
        """Add a switch, its branches and the node where they meet."""
        switch, inner = self.node(), take - 2
        branches = 2 if inner < 3 or self.random.random() < 0.7 else 3
        cuts = list(range(1, branches))
        if inner > branches:
            cuts = sorted(self.random.sample(range(1, inner), branches - 1))
        ends = []
        for start, stop in zip([0, *cuts], [*cuts, inner], strict=True):
            first, last = self.block(stop - start, depth - 1)
            self.edges.append((switch, first))
            ends.append(last)
        merge = self.node()
        self.edges.extend((end, merge) for end in ends)
        return switch, merge

    def cross(self, wanted: int, home: list[int]) -> None:
        """Add tracks a few ranks ahead, within a stream or to the one beside it."""
        rank = self._ranks()
        ranked = defaultdict(list)
        for node in range(self.count):
            ranked[rank[node]].append(node)
        known = set(self.edges)
        for _ in range(50 * len(home)):
            if not wanted:
                return
            tail = self.random.randrange(self.count)
            ahead = ranked.get(rank[tail] + self.random.randint(1, 4), [])
            near = [node for node in ahead if abs(home[node] - home[tail]) <= 1]
            if near and (pair := (tail, self.random.choice(near))) not in known:
                known.add(pair)
                self.edges.append(pair)
                wanted -= 1

    def _ranks(self) -> list[int]:
        after = defaultdict(list)
        for tail, head in self.edges:
            after[tail].append(head)
        rank = [0] * self.count
        for node in topological_order(list(range(self.count)), after):
            for head in after[node]:
                rank[head] = max(rank[head], rank[node] + 1)
        return rank
