"""The scene: what there is to draw of a plan, where it lies, and how it stands.

One set of coordinates for every renderer: layers along the line, lanes across it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from stellwerk.domain.plan import Plan, Route, Switch
from stellwerk.domain.railway import Railway, Signal, railway_of
from stellwerk.domain.refs import letters
from stellwerk.domain.work import Status
from stellwerk.railway.layout import Layout, Wishes, lay_out


class State(StrEnum):
    """How a station stands; each has a sign of its own, so colour only helps."""

    DONE = "done"
    DOING = "doing"
    READY = "ready"
    AHEAD = "ahead"
    TENTATIVE = "tentative"
    CLOSED = "closed"


class Weight(StrEnum):
    """How a track is drawn: the main line, a live one, one behind an open switch, a closed one."""

    MAIN = "main"
    LIVE = "live"
    TENTATIVE = "tentative"
    CLOSED = "closed"


class Sign(NamedTuple):
    """An option of a switch.

    Attributes:
        ref: `d1.a`.
        letter: `a`.
        label: In a few words.
        head: Uid of the route it leads to.
        to: Ref of that route.
        chosen: Whether it is.
        recommended: Whether it is.
        tradeoff: What it gains and costs.
    """

    ref: str
    letter: str
    label: str
    head: str
    to: str
    chosen: bool
    recommended: bool
    tradeoff: str


class Junction(NamedTuple):
    """The switch at the end of a station.

    Attributes:
        ref: `d1`.
        title: The question.
        signs: Its options in order.
        due: Whether it can be decided now.
        decided: Whether it is.
    """

    ref: str
    title: str
    signs: tuple[Sign, ...]
    due: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class Station:
    """A route as it is drawn.

    Attributes:
        uid: Of the route.
        ref: `r3`.
        title: One line.
        state: How it stands.
        done: Work packages that are done.
        count: Work packages that count: those that were not diverted.
        hours: Hours of its open work, as expected.
        layer: Along the line, from 0.
        lane: Across it, from 0.
        junction: The switch at its end, if there is one.
        merge: Whether several tracks lead to it.
        main: Whether it lies on the main line.
    """

    uid: str
    ref: str
    title: str
    state: State
    done: int
    count: int
    hours: float
    layer: int
    lane: int
    junction: Junction | None = None
    merge: bool = False
    main: bool = False

    @property
    def share(self) -> float:
        """Share of its work packages that are done, 0 to 1."""
        return self.done / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Track:
    """An edge as it is drawn.

    Attributes:
        tail: Uid of the route it comes from.
        head: Uid of the route it leads to.
        weight: How it is drawn.
        points: (layer, lane) from station to station, one for each layer.
        letter: Of the option it is, if it is one.
        travelled: Whether the work at both its ends is done or begun.
    """

    tail: str
    head: str
    weight: Weight
    points: tuple[tuple[int, int], ...]
    letter: str = ""
    travelled: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything there is to draw.

    Attributes:
        title: Of the goal.
        stations: In the order of layers, then lanes.
        tracks: In the order of the plan's routes, so that chance has no say in a drawing.
        depth: Number of layers.
        width: Number of lanes.
    """

    title: str
    stations: tuple[Station, ...]
    tracks: tuple[Track, ...]
    depth: int
    width: int

    @property
    def lanes(self) -> Mapping[str, int]:
        """The lane of each station by uid, for a layout that stays as it was."""
        return {station.uid: station.lane for station in self.stations}


def scene_of(
    plan: Plan,
    railway: Railway | None = None,
    main: Collection[str] = (),
    lanes: Mapping[str, int] | None = None,
) -> Scene:
    """Return the scene of a plan.

    Args:
        plan: The plan.
        railway: As its switches are set; worked out if not given.
        main: Uids of the routes on the main line, such as the critical ones.
        lanes: Lanes of an earlier scene, which stations keep.
    """
    railway = railway or railway_of(plan)
    line = _line(plan, railway, main)
    closed = [uid for uid, signal in railway.signals.items() if signal is Signal.CLOSED]
    place = {route.uid: at for at, route in enumerate(plan.routes)}
    edges = sorted(
        ((edge.tail, edge.head) for edge in plan.edges),
        key=lambda edge: (place[edge[0]], place[edge[1]]),
    )
    wishes = Wishes(line, closed, lanes or {})
    layout = lay_out([route.uid for route in plan.routes], edges, wishes)
    stations = _stations(plan, railway, layout, frozenset(line))
    legs = frozenset(pairwise(line))
    begun = {each.uid for each in stations if each.state in (State.DONE, State.DOING)}
    tracks = tuple(_track(plan, railway, layout, edge, legs, begun) for edge in edges)
    return Scene(plan.goal.title, stations, tracks, layout.depth, layout.width)


def _line(plan: Plan, railway: Railway, main: Collection[str]) -> list[str]:
    """Return the main line: of the routes wanted, or travelled, the longest chain of tracks."""
    wanted = frozenset(main) or railway.expected
    longest: dict[str, list[str]] = {}
    place = {route.uid: at for at, route in enumerate(plan.routes)}
    for route in reversed(_in_order(plan)):
        if route not in wanted:
            continue
        heads = sorted(plan.index.after[route], key=place.__getitem__)
        ahead = [longest[head] for head in heads if head in longest]
        longest[route] = [route, *max(ahead, key=len, default=[])]
    return max(longest.values(), key=len, default=[])


def _in_order(plan: Plan) -> list[str]:
    from stellwerk.domain.graph import topological_order

    return topological_order([route.uid for route in plan.routes], plan.index.after)


def _stations(
    plan: Plan, railway: Railway, layout: Layout[str], line: frozenset[str]
) -> tuple[Station, ...]:
    ready, decisions = frozenset(railway.ready), frozenset(railway.decisions)
    unit = plan.goal.unit_hours
    found = []
    for route in plan.routes:
        counted = [each for each in route.packages if each.status is not Status.DIVERTED]
        switch = plan.index.switch_at.get(route.uid)
        found.append(
            Station(
                uid=route.uid,
                ref=plan.ref(route.uid),
                title=route.title,
                state=state_of(route, railway, ready),
                done=sum(each.status is Status.DONE for each in counted),
                count=len(counted),
                hours=sum(each.hours(unit) for each in counted if not each.settled),
                layer=layout.layers[route.uid],
                lane=layout.lanes[route.uid],
                junction=_junction(plan, switch, decisions) if switch else None,
                merge=len(plan.index.before[route.uid]) > 1,
                main=route.uid in line,
            )
        )
    return tuple(sorted(found, key=lambda station: (station.layer, station.lane)))


def state_of(route: Route, railway: Railway, ready: frozenset[str]) -> State:
    """Return how a route stands."""
    signal = railway.signals[route.uid]
    if signal is Signal.CLOSED:
        return State.CLOSED
    packages = list(route.packages)
    if packages and all(package.settled for package in packages):
        return State.DONE
    if any(p.status in (Status.DOING, Status.WAITING, Status.DONE) for p in packages):
        return State.DOING
    if any(package.uid in ready for package in packages):
        return State.READY
    return State.TENTATIVE if signal is Signal.TENTATIVE else State.AHEAD


def _junction(plan: Plan, switch: Switch, decisions: frozenset[str]) -> Junction:
    signs = tuple(
        Sign(
            *(plan.ref(option.uid), letters(option.number), option.label, option.head),
            to=plan.ref(option.head),
            chosen=option.uid == switch.chosen,
            recommended=option.uid == switch.recommended,
            tradeoff=option.tradeoff,
        )
        for option in switch.options
    )
    due, decided = switch.uid in decisions, switch.chosen is not None
    return Junction(plan.ref(switch.uid), switch.title, signs, due, decided)


def _track(
    plan: Plan,
    railway: Railway,
    layout: Layout[str],
    edge: tuple[str, str],
    legs: frozenset[tuple[str, str]],
    begun: Collection[str],
) -> Track:
    tail, head = edge
    switch = plan.index.switch_at.get(tail)
    option = next((o for o in switch.options if o.head == head), None) if switch else None
    letter = letters(option.number) if option else ""
    weight = _weight(railway, switch, edge, legs)
    travelled = weight is not Weight.CLOSED and tail in begun and head in begun
    return Track(tail, head, weight, layout.tracks[edge], letter, travelled)


def _weight(
    railway: Railway,
    switch: Switch | None,
    edge: tuple[str, str],
    legs: frozenset[tuple[str, str]],
) -> Weight:
    tail, head = (railway.signals[uid] for uid in edge)
    if switch and switch.chosen and switch.option(switch.chosen):
        chosen = switch.option(switch.chosen)
        if chosen is not None and chosen.head != edge[1]:
            return Weight.CLOSED
    if Signal.CLOSED in (tail, head):
        return Weight.CLOSED
    if edge in legs:
        return Weight.MAIN
    return Weight.TENTATIVE if Signal.TENTATIVE in (tail, head) else Weight.LIVE
