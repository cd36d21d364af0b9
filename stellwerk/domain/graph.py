"""Directed graphs in the small: order, cycles, longest paths. Nodes are any hashable."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Successors = Mapping[Node, Sequence[Node]]


def topological_order(nodes: Iterable[Node], successors: Successors[Node]) -> list[Node]:
    """Return the nodes so that each stands before its successors, ties as given.

    Nodes on a cycle, and those behind it, are left out (Kahn 1962).
    """
    nodes = list(nodes)
    waiting = dict.fromkeys(nodes, 0)
    for node in nodes:
        for after in successors.get(node, ()):
            waiting[after] += 1
    order = [node for node in nodes if not waiting[node]]
    for node in order:
        for after in successors.get(node, ()):
            waiting[after] -= 1
            if not waiting[after]:
                order.append(after)
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
