"""Engines that lay out graphs, each asked for the points of every edge in every layer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Final, NamedTuple, TypeAlias

from stellwerk.railway.layout import lay_out
from tests.benchmarks.layouts.measures import Path

Pairs: TypeAlias = Sequence[tuple[int, int]]
_PITCH: Final = 72.0
"""Points between two lanes, and between two layers."""


class Engine(NamedTuple):
    """One way to lay out a graph.

    Attributes:
        title: As its makers write it.
        version: Of what is installed.
        run: Lays out a graph of so many nodes and these edges; what is timed.
        paths: Of all edges, from what `run` returned.
    """

    title: str
    version: str
    run: Callable[[int, Pairs], Any]
    paths: Callable[[Any, Pairs], list[Path]]


def engines() -> list[Engine]:
    """Return the engines; Graphviz only where `dot` is on the path."""
    found = [
        Engine(
            "Stellwerk", version("stellwerk"), _own, lambda laid, _: [*laid.tracks.values()]
        ),
        Engine("fast-sugiyama", version("fast-sugiyama"), _fast, _fast_paths),
        Engine("grandalf", version("grandalf"), _grandalf, _grandalf_paths),
    ]
    if shutil.which("dot"):
        told = subprocess.run(["dot", "-V"], capture_output=True, text=True, check=True)
        number = re.search(r"version (\S+)", told.stderr)
        found.append(Engine("dot", number[1] if number else "?", _dot, _dot_paths))
    return found


def _own(count: int, pairs: Pairs) -> Any:
    return lay_out(range(count), pairs)


def _fast(count: int, pairs: Pairs) -> Any:
    del count
    from fast_sugiyama import from_edges

    return from_edges(pairs, vertex_spacing=_PITCH, dummy_vertices=True)


def _fast_paths(laid: Any, pairs: Pairs) -> list[Path]:
    """Follow the dummies of each edge; components stand beside each other."""
    paths: list[Path] = []
    offset = 0.0
    for positions, width, height, edges in laid:
        points = {
            node: (round((height - y) / _PITCH), offset + x / _PITCH)
            for node, (x, y) in positions
        }
        offset += width / _PITCH + 1
        paths += [[points[tail], points[head]] for tail, head in edges]
    del pairs
    return paths


def _grandalf(count: int, pairs: Pairs) -> Any:
    from grandalf.graphs import Edge, Graph, Vertex
    from grandalf.layouts import SugiyamaLayout

    nodes = [Vertex(number) for number in range(count)]
    for node in nodes:
        node.view = _Cell()
    graph = Graph(nodes, [Edge(nodes[tail], nodes[head]) for tail, head in pairs])
    laid = []
    for component in graph.C:
        layout = SugiyamaLayout(component)
        layout.xspace = layout.yspace = 0
        layout.init_all()
        layout.draw()
        laid.append(layout)
    return laid


class _Cell:
    """What grandalf asks of a node: its size in lanes, and a place for where it lies."""

    w = h = 1.0
    xy = (0.0, 0.0)


def _grandalf_paths(laid: Any, pairs: Pairs) -> list[Path]:
    del pairs
    paths: list[Path] = []
    offset = 0.0
    for layout in laid:
        found: list[list[tuple[int, float]]] = []
        lanes = {
            node: (layout.grx[node].rank, offset + float(node.view.xy[0]))
            for layer in layout.layers
            for node in layer
        }
        for edge in layout.g.sE:
            ends = sorted((edge.v[0], edge.v[1]), key=lambda node: layout.grx[node].rank)
            between = layout.ctrls.get(edge, {})
            dummies = [node for _, node in sorted(between.items()) if node not in ends]
            found.append([lanes[node] for node in (ends[0], *dummies, ends[1])])
        widest = max((lane for path in found for _, lane in path), default=offset)
        offset = widest + 1
        paths += found
    return paths


def _dot(count: int, pairs: Pairs) -> Any:
    half = _PITCH / 72 / 2
    parts = [
        f'node [shape=box fixedsize=true width={half} height={half} label=""];',
        f"nodesep={half}; ranksep={half};",
        *(f"{node};" for node in range(count)),
        *(f"{tail} -> {head};" for tail, head in pairs),
    ]
    told = subprocess.run(
        ["dot", "-Tjson0"],
        input=f"digraph {{ {' '.join(parts)} }}",
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(told.stdout)


def _dot_paths(laid: Any, pairs: Pairs) -> list[Path]:
    """Read where each edge's curve passes every rank it crosses."""
    places = {
        int(each["name"]): tuple(map(float, each["pos"].split(",")))
        for each in laid.get("objects", [])
    }
    ranks = {
        y: at for at, y in enumerate(sorted({y for _, y in places.values()}, reverse=True))
    }
    levels = sorted(ranks, reverse=True)
    curves = {(each["tail"], each["head"]): each["pos"] for each in laid.get("edges", [])}
    numbers = {each["_gvid"]: int(each["name"]) for each in laid.get("objects", [])}
    paths: list[Path] = []
    for (tail, head), curve in curves.items():
        first, last = places[numbers[tail]], places[numbers[head]]
        inner = levels[ranks[first[1]] + 1 : ranks[last[1]]]
        passing = [(ranks[y], _where(curve, y) / _PITCH) for y in inner]
        ends = [(ranks[y], x / _PITCH) for x, y in (first, last)]
        paths.append([ends[0], *passing, ends[1]])
    del pairs
    return paths


def _where(curve: str, level: float) -> float:
    """Return the x at which a curve of cubic pieces, from top to bottom, has that y."""
    texts = [part for part in curve.split() if not part.startswith(("e,", "s,"))]
    points = [tuple(map(float, part.split(","))) for part in texts]
    for start in range(0, len(points) - 1, 3):
        piece = points[start : start + 4]
        if piece[0][1] >= level >= piece[3][1]:
            low, high = 0.0, 1.0
            for _ in range(40):
                middle = (low + high) / 2
                low, high = (middle, high) if _at(piece, middle, 1) > level else (low, middle)
            return _at(piece, low, 0)
    return points[0][0] if level > points[0][1] else points[-1][0]


def _at(piece: Sequence[tuple[float, ...]], share: float, axis: int) -> float:
    weights = (
        (1 - share) ** 3,
        3 * share * (1 - share) ** 2,
        3 * share**2 * (1 - share),
        share**3,
    )
    return sum(weight * point[axis] for weight, point in zip(weights, piece, strict=True))
