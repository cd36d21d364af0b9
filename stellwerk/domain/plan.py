"""The plan of one goal: routes, edges, switches and people, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar, cast

from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.indexing import Index
from stellwerk.domain.invariants import broken_rules
from stellwerk.domain.value import Value
from stellwerk.domain.work import PackageLine, Task, WorkPackage
from stellwerk.errors import NotFoundError, PlanError


class RouteKind(StrEnum):
    """A trunk is shared by every way through the plan; a branch is one alternative."""

    TRUNK = "trunk"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Route(Value):
    """A stretch of line, a node of the plan's graph; holds tasks in written order."""

    uid: str
    number: int
    title: str
    born_at: datetime
    description: str = ""
    kind: RouteKind = RouteKind.TRUNK
    tasks: tuple[Task, ...] = ()

    @property
    def packages(self) -> Iterator[WorkPackage]:
        """Its work packages in written order."""
        return (package for task in self.tasks for package in task.packages)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Edge(Value):
    """Route `tail` comes before route `head`; both are uids."""

    tail: str
    head: str

    def __lt__(self, other: Edge) -> bool:
        return (self.tail, self.head) < (other.tail, other.head)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Option(Value):
    """One way a switch can be set.

    Attributes:
        uid: Identity for ever.
        number: Of its ref; 1 is `d1.a`.
        label: One line.
        head: Uid of the route it leads to.
        born_at: UTC.
        tradeoff: When it is right, what it costs, what it closes.
        probability: Of being chosen, 0..1, where somebody stated one.
    """

    uid: str
    number: int
    label: str
    head: str
    born_at: datetime
    tradeoff: str = ""
    probability: float | None = None

    def __post_init__(self) -> None:
        if self.probability is not None and not 0 <= self.probability <= 1:
            msg = f"A probability must be between 0 and 1, not {self.probability:g}."
            raise PlanError(msg)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Switch(Value):
    """A decision at the end of a route: at most one of its options is chosen.

    Attributes:
        uid: Identity for ever.
        number: Of its ref `d1`.
        route: Uid of the route at whose end it stands.
        title: The question, one line.
        born_at: UTC.
        prompt: What must be known to decide.
        options: By number, at least two, one for each outgoing edge of the route.
        chosen: Uid of the option a person chose.
        recommended: Uid of the option the planner would take.
    """

    uid: str
    number: int
    route: str
    title: str
    born_at: datetime
    prompt: str = ""
    options: tuple[Option, ...] = ()
    chosen: str | None = None
    recommended: str | None = None

    def option(self, uid: str | None) -> Option | None:
        """Return the option of that uid, or None."""
        return next((option for option in self.options if option.uid == uid), None)

    @property
    def odds(self) -> tuple[float, ...]:
        """How probable each option is; those nobody stated share what the others leave."""
        stated = [o.probability for o in self.options if o.probability is not None]
        missing = len(self.options) - len(stated)
        share = round(max(1 - sum(stated), 0.0) / missing, 9) if missing else 0.0
        return tuple(
            share if option.probability is None else option.probability
            for option in self.options
        )

    @property
    def expected(self) -> Option:
        """What is assumed while nobody chose: recommended, most probable, or first."""
        settled = self.option(self.chosen) or self.option(self.recommended)
        odds = self.odds
        return settled or self.options[odds.index(max(odds))]


Item: TypeAlias = Route | Task | WorkPackage | Switch | Option | Person
Kind = TypeVar("Kind", bound=Item)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan(Value):
    """The whole railway of one goal.

    Routes stand in written order; edges, switches and people are kept sorted. Building
    one checks the hard invariants (`invariants.broken_rules`) unless `checked` is False,
    which only a batch of edits may use, between its first and its last.

    Raises:
        PlanError: A hard invariant is broken.
    """

    goal: Goal
    routes: tuple[Route, ...] = ()
    edges: tuple[Edge, ...] = ()
    switches: tuple[Switch, ...] = ()
    people: tuple[Person, ...] = ()
    checked: InitVar[bool] = True
    _index: Index | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self, checked: bool) -> None:
        if checked and (rules := broken_rules(self)):
            raise PlanError(" ".join(rules), rules=rules)

    @property
    def index(self) -> Index:
        """Where everything is; built when first asked for."""
        if self._index is None:
            object.__setattr__(self, "_index", Index(self))
        return self._index  # type: ignore[return-value]

    @property
    def packages(self) -> Iterator[WorkPackage]:
        """Every work package in written order."""
        return (
            package
            for route in self.routes
            for task in route.tasks
            for package in task.packages
        )

    def indexed_as(self, other: Plan, items: Mapping[str, Item]) -> Plan:
        """Return the plan with the index of one that differs in nothing but some items."""
        object.__setattr__(self, "_index", other.index.changed(self, items))
        return self

    def item(self, uid: str) -> Item:
        """Return the item of that uid.

        Raises:
            NotFoundError: The plan has none.
        """
        try:
            return self.index.items[uid]
        except KeyError:
            msg = f"The plan {self.goal.slug} has nothing with the uid {uid}."
            raise NotFoundError(msg) from None

    def package(self, uid: str) -> WorkPackage:
        """Return the work package of that uid, or its line (NotFoundError)."""
        item: object = self.index.items.get(uid)
        if isinstance(item, PackageLine):
            return cast(WorkPackage, item)
        return self._of_kind(uid, WorkPackage)

    def route(self, uid: str) -> Route:
        """Return the route of that uid (NotFoundError if there is none)."""
        return self._of_kind(uid, Route)

    def switch(self, uid: str) -> Switch:
        """Return the switch of that uid (NotFoundError if there is none)."""
        return self._of_kind(uid, Switch)

    def ref(self, uid: str) -> str:
        """Return the ref of an item, `?` for what the plan does not hold."""
        return self.index.ref(uid)

    def name(self, uid: str) -> str:
        """Return ref and title of an item, for sentences."""
        if uid == self.goal.uid:
            return self.goal.title
        if uid not in self.index.items:
            return "?"
        return f"{self.ref(uid)} {title_of(self.index.items[uid])}"

    def route_of(self, uid: str) -> Route:
        """Return the route that holds a task or work package."""
        while not isinstance(item := self.item(uid), Route):
            uid = self.index.parents[uid]
        return item

    def _of_kind(self, uid: str, kind: type[Kind]) -> Kind:
        item = self.item(uid)
        if not isinstance(item, kind):
            wanted = kind.__name__.lower().replace("workpackage", "work package")
            msg = f"{self.name(uid)} is not a {wanted}."
            raise NotFoundError(msg)
        return item


def title_of(item: Item) -> str:
    """Return the one line that names an item."""
    if isinstance(item, Option):
        return item.label
    return item.name if isinstance(item, Person) else item.title
