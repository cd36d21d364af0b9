"""Directed graphs in the small: order, cycles, longest paths. Nodes are any hashable."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Successors = Mapping[Node, Sequence[Node]]


def topological_order(nodes: Iterable[Node], successors: Successors[Node]) -> list[Node]:
    """Return the nodes so that each stands before its successors.

    Among nodes that could come next the one given first does. Nodes on a cycle, and
    those behind it, are left out (Kahn 1962).
    """
    nodes = list(nodes)
    rank = {node: at for at, node in enumerate(nodes)}
    waiting = dict.fromkeys(nodes, 0)
    for node in nodes:
        for after in successors.get(node, ()):
            waiting[after] += 1
    free = [at for at, node in enumerate(nodes) if not waiting[node]]
    order: list[Node] = []
    while free:
        order.append(node := nodes[heappop(free)])
        for after in successors.get(node, ()):
            waiting[after] -= 1
            if not waiting[after]:
                heappush(free, rank[after])
    return order


def find_cycle(nodes: Iterable[Node], successors: Successors[Node]) -> tuple[Node, ...]:
    """Return the nodes of one cycle in order, or an empty tuple if there is none."""
    nodes = list(nodes)
    ordered = set(topological_order(nodes, successors))
    left = [node for node in nodes if node not in ordered]
    if not left:
        return ()
    predecessors: dict[Node, Node] = {}
    for node in left:
        for after in successors.get(node, ()):
            predecessors[after] = node
    node, seen = left[0], set[Node]()
    while node not in seen:
        seen.add(node)
        node = predecessors[node]
    cycle, start = [node], node
    while (node := predecessors[node]) != start:
        cycle.append(node)
    return tuple(reversed(cycle))
