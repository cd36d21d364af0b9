"""The structure of a plan from what models write in its place: routes, edges, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from stellwerk.domain.graph import find_cycle
from stellwerk.planning.replies import listing, scalars
from stellwerk.planning.replies.deciding import decisions
from stellwerk.planning.replies.edging import written_edges
from stellwerk.planning.replies.keys import Mentions, folded, rounded_off, route_keys
from stellwerk.planning.replies.naming import DECISION, OPTION, ROUTE, STRUCTURE, named
from stellwerk.planning.replies.places import Place, Where, quoted

_KINDS: Final = {
    "trunk": "trunk",
    "branch": "branch",
    "main": "trunk",
    "stamm": "trunk",
    "stammstrecke": "trunk",
    "hauptstrecke": "trunk",
    "shared": "trunk",
    "option": "branch",
    "alternative": "branch",
    "zweig": "branch",
    "abzweig": "branch",
    "abzweigung": "branch",
}
_TEXTS: Final = ("title", "description", "prologue", "rallying_cry")


class _Routes(NamedTuple):
    """Routes with our keys, and what they were before."""

    items: list[Any]
    mentions: Mentions


def structure(value: Mapping[str, Any], where: Where, place: Place) -> dict[str, Any]:
    """Return the answer of `decompose`; its edges and decisions fit together or are told."""
    fields = named(value, STRUCTURE, place)
    if _in_phases(fields.get("routes")):
        fields = {**fields, **_from_phases(fields["routes"], place)}
    scalars.set_texts(fields, _TEXTS, place)
    if "unit_hours" in fields:
        fields["unit_hours"] = _unit_hours(fields["unit_hours"], where, place / "unit_hours")
        if fields["unit_hours"] is None:
            del fields["unit_hours"]
    found = listing.objects(fields.get("routes"), ROUTE, "title", place / "routes")
    if not isinstance(found, list):
        return {**fields, "routes": found}
    routes = _routes(found, place / "routes")
    fields["routes"] = routes.items
    _join(fields, routes, where, place)
    return fields


def _join(fields: dict[str, Any], routes: _Routes, where: Where, place: Place) -> None:
    """Read edges and decisions together: options are the edges that leave their route."""
    mentions = routes.mentions
    edges = written_edges(fields.pop("edges", None), routes.items, mentions, place / "edges")
    told = fields.pop("decisions", None)
    made = decisions(told, edges, mentions, where, place / "decisions")
    if cycle := _circle(routes, made.edges):
        (place / "edges").wrong(f"these go in a circle: {' -> '.join(cycle)}")
    fields["edges"] = [{"before": a, "after": b} for a, b in made.edges]
    fields["decisions"] = made.decisions
    for at, route in enumerate(routes.items):
        if isinstance(route, dict):
            _set_kind(route, made.heads, place / "routes" / at)
            for name in ("next", "previous", "tasks"):
                route.pop(name, None)


def _circle(routes: _Routes, edges: list[tuple[str, str]]) -> tuple[str, ...]:
    after: dict[str, list[str]] = {key: [] for key in routes.mentions.keys}
    for tail, head in edges:
        after[tail].append(head)
    return rounded_off(find_cycle(after, after), routes.mentions.keys)


def _routes(found: list[Any], place: Place) -> _Routes:
    """Return routes with our keys; a route that stands twice, word for word, stands once."""
    made = [_route(each, place / at) for at, each in enumerate(found)]
    made = list(_once(made, place))
    given = [_get(each, "key") for each in made]
    keys = route_keys(given)
    mentions = Mentions(keys, given, [_get(each, "title") for each in made])
    for at, (each, key) in enumerate(zip(made, keys, strict=True)):
        if isinstance(each, dict) and each.get("key") != key:
            (place / at / "key").note(
                f"{quoted(each['key'])} became {key}" if each.get("key") else f"got {key}"
            )
            each["key"] = key
    return _Routes(made, mentions)


def _route(value: Any, place: Place) -> Any:
    if not isinstance(value, dict):
        return value
    fields = named(value, ROUTE, place)
    scalars.set_texts(fields, ("title", "description"), place)
    scalars.fit_title(fields, "title", "description", place)
    if fields.get("key") is None:
        fields.pop("key", None)
    return fields


def _once(routes: list[Any], place: Place) -> Iterator[Any]:
    seen: set[tuple[str, str]] = set()
    for at, each in enumerate(routes):
        name = (folded(_get(each, "key")), folded(_get(each, "title")))
        if "none" not in name and name in seen:
            (place / at).note("left out, for the same route stands before it")
            continue
        seen.add(name)
        yield each


def _set_kind(route: dict[str, Any], heads: frozenset[str], place: Place) -> None:
    """Read the kind; one that we do not know follows from the decisions."""
    told = route.get("kind")
    if told is None:
        route.pop("kind", None)
        return
    known = _KINDS.get(folded(told))
    route["kind"] = known or ("branch" if route.get("key") in heads else "trunk")
    if route["kind"] != told:
        (place / "kind").note(f"{quoted(told)} read as {route['kind']}")


def _unit_hours(value: Any, where: Where, place: Place) -> Any:
    """Return hours from a time or a number as text."""
    if scalars.nothing(value):
        return None
    if not isinstance(value, str):
        return value
    time = scalars.working_hours(value, where)
    read = scalars.number(value, where) if time is None else time
    if read is not None:
        place.note(f"{quoted(value)} read as {read:g}")
    return value if read is None else read


def _in_phases(value: Any) -> bool:
    """Whether routes stand in phases, each a trunk with the branches of a decision."""
    return isinstance(value, list) and any(
        isinstance(each, dict) and isinstance(each.get("trunk"), dict) for each in value
    )


def _from_phases(phases: list[Any], place: Place) -> dict[str, Any]:
    """Return routes, edges and decisions of phases: trunk, its branches, the next trunk."""
    place.note("phases read as routes, edges and decisions")
    routes: list[dict[str, Any]] = []
    edges: list[tuple[str, str]] = []
    made: list[dict[str, Any]] = []
    ends: list[str] = []

    def add(route: Mapping[str, Any], kind: str) -> str:
        routes.append({**route, "key": f"r{len(routes) + 1}", "kind": kind})
        return f"r{len(routes)}"

    for phase in phases:
        trunk = phase.get("trunk") if isinstance(phase, dict) else None
        if not isinstance(trunk, dict):
            place.wrong("a phase without a trunk; give each phase its trunk")
            continue
        key = add(trunk, "trunk")
        edges += [(end, key) for end in ends]
        ends = [key]
        decision = phase.get("decision")
        if isinstance(decision, dict):
            fields = named(decision, DECISION, Place())
            told = fields.get("options")
            options = [_branch(each, add) for each in told] if isinstance(told, list) else []
            made.append({**fields, "at": key, "options": options})
            edges += [(key, each["to"]) for each in options]
            ends = [each["to"] for each in options] or ends
    told = [{"before": before, "after": after} for before, after in edges]
    return {"routes": routes, "edges": told, "decisions": made}


def _branch(option: Any, add: Any) -> dict[str, Any]:
    """Return an option that leads to a branch of its own."""
    fields = option if isinstance(option, dict) else {"label": option}
    branch = fields.get("branch")
    label = named(fields, OPTION, Place()).get("label")
    route = branch if isinstance(branch, dict) else {}
    title = route.get("title") or label
    return {**named(fields, OPTION, Place()), "to": add({**route, "title": title}, "branch")}


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
