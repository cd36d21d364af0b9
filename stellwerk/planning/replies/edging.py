"""Edges between routes, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

from stellwerk.planning.replies.keys import Mentions, folded
from stellwerk.planning.replies.naming import EDGE, named
from stellwerk.planning.replies.places import Place, quoted

_ARROW: Final = re.compile(r"\s{0,9}(?:→|⇒|[-–=]{1,3}>)\s{0,9}")
_ENDS: Final = frozenset(
    ("start", "begin", "anfang", "end", "ende", "finish", "goal", "ziel", "done", "stop")
)
"""Names of a first or last station that is no route; an edge to it says nothing."""


class Edge(NamedTuple):
    """An edge by our keys, with the place where it was written."""

    before: str
    after: str
    place: Place


class _Known(NamedTuple):
    """An end of an edge that needs no looking up."""

    key: str


def written_edges(
    value: Any, routes: list[Any], mentions: Mentions, place: Place
) -> list[Edge]:
    """Return the edges of an answer, each once; what is no edge is told."""
    found: dict[tuple[str, str], Edge] = {}
    for before, after, at in (*_edges(value, place), *_at_routes(routes, mentions, place)):
        tail = _end(before, mentions, at / "before")
        head = _end(after, mentions, at / "after")
        if tail is None or head is None:
            continue
        if tail == head:
            at.note(f"left out, for {tail} cannot come before itself")
        elif (tail, head) in found:
            at.note(f"left out, for {tail} -> {head} stands there already")
        else:
            found[tail, head] = Edge(tail, head, at)
    return list(found.values())


def arrow_parts(text: str) -> list[str]:
    """Return what stands before, between and behind the arrows of a text."""
    return [part.strip() for part in _ARROW.split(text.strip())]


def _end(value: Any, mentions: Mentions, place: Place) -> str | None:
    """Return the key of the route an edge begins or ends at; None if it is no route."""
    if isinstance(value, _Known):
        return value.key
    if known := mentions.find(value):
        return known
    if isinstance(value, str) and folded(value) in _ENDS:
        place.note(f"the edge left out, for {quoted(value)} is no route")
    else:
        mentions.tell_missing(value, "route", place)
    return None


def _edges(value: Any, place: Place) -> Iterator[tuple[Any, Any, Place]]:
    """Yield edges from a list of objects, pairs or texts, or from lists by route."""
    if isinstance(value, str):
        value = [each for each in re.split(r"[\n;,]", value) if each.strip()]
    if isinstance(value, dict):
        fields = named(value, EDGE, Place())
        whole = {"before", "after"} <= fields.keys()
        value = [value] if whole else [{"before": a, "after": b} for a, b in value.items()]
    if not isinstance(value, list | None):
        place.wrong("must be a list of edges")
        return
    for at, each in enumerate(value or ()):
        yield from _edge(each, place / at)


def _edge(value: Any, place: Place) -> Iterator[tuple[Any, Any, Place]]:
    if isinstance(value, dict):
        fields = named(value, EDGE, place)
        for before in _several(fields.get("before")):
            for after in _several(fields.get("after")):
                yield before, after, place
        return
    stops = arrow_parts(value) if isinstance(value, str) else value
    if not isinstance(stops, list) or len(stops) < 2:
        place.wrong(f"{quoted(value)} is no edge; an edge has `before` and `after`")
        return
    for before, after in pairwise(stops):
        yield before, after, place


def _at_routes(
    routes: list[Any], mentions: Mentions, place: Place
) -> Iterator[tuple[Any, Any, Place]]:
    """Yield the edges that are written at the routes themselves."""
    above = Place(place.pointer.removesuffix("/edges"), place.notes, place.problems) / "routes"
    for at, (route, key) in enumerate(zip(routes, mentions.keys, strict=True)):
        if isinstance(route, dict):
            for after in _listed(route.get("next")):
                yield _Known(key), after, above / at
            for before in _listed(route.get("previous")):
                yield before, _Known(key), above / at


def _listed(value: Any) -> list[Any]:
    parts = value.split(",") if isinstance(value, str) else _several(value)
    return [each for each in parts if each not in (None, "", [])]


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
