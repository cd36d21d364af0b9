"""The layout of a railway: each station's layer and lane, and the lanes of each track."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from stellwerk.railway.layout.network import network_of
from stellwerk.railway.layout.ordering import kept, ordered
from stellwerk.railway.layout.placement import placed

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wishes(Generic[Node]):
    """What a layout should mind beside short tracks that cross little.

    Attributes:
        line: Nodes along one path, which is to be one straight row.
        outside: Nodes that are to lie outside, such as those of closed routes.
        lanes: Lanes of an earlier layout: who had one changes places with nobody who had.
    """

    line: Sequence[Node] = ()
    outside: Collection[Node] = ()
    lanes: Mapping[Node, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout(Generic[Node]):
    """Where everything lies, on a grid of layers and lanes from 0.

    Attributes:
        layers: Of each node.
        lanes: Of each node.
        tracks: Of each edge its (layer, lane) in every layer from end to end.
        depth: Number of layers.
        width: Number of lanes.
    """

    layers: Mapping[Node, int]
    lanes: Mapping[Node, int]
    tracks: Mapping[tuple[Node, Node], tuple[tuple[int, int], ...]]
    depth: int
    width: int


def lay_out(
    nodes: Sequence[Node],
    edges: Sequence[tuple[Node, Node]],
    wishes: Wishes[Node] | None = None,
) -> Layout[Node]:
    """Return the layout of an acyclic graph.

    Args:
        nodes: Its nodes; their order counts where nothing else does.
        edges: Pairs (before, after), each once.
        wishes: What else to mind.
    """
    wishes = wishes or Wishes()
    number = {node: index for index, node in enumerate(nodes)}
    pairs = [(number[tail], number[head]) for tail, head in edges]
    network = network_of(len(nodes), pairs)
    if wishes.lanes:
        known = [wishes.lanes.get(node) for node in nodes]
        rows = kept(network, known)
    else:
        rows = ordered(network, _rank(nodes, wishes))
    stops = [number[node] for node in wishes.line if node in number]
    legs = {*pairwise(stops)}
    line = {
        segment
        for track in network.tracks
        if (track[0], track[-1]) in legs
        for segment in pairwise(track)
    }
    lane = placed(network, rows, line)
    return Layout(
        {node: network.layer[index] for node, index in number.items()},
        {node: lane[index] for node, index in number.items()},
        {
            edge: tuple((network.layer[v], lane[v]) for v in track)
            for edge, track in zip(edges, network.tracks, strict=True)
        },
        network.depth,
        max(lane, default=-1) + 1,
    )


def _rank(nodes: Sequence[Node], wishes: Wishes[Node]) -> list[int]:
    """Return where each node wants to lie: the line first, what is outside last."""
    line, outside = frozenset(wishes.line), frozenset(wishes.outside)
    return [0 if node in line else 2 if node in outside else 1 for node in nodes]
