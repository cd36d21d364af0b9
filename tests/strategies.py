"""Hypothesis strategies: plans with all that lives beside them, and edits that fit them.

Uids and times come from `stellwerk.testing.clock`, so an example repeats exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from stellwerk.domain.births import Births
from stellwerk.domain.edits.compound import (
    linking,
    moving,
    new_route,
    new_switch,
    new_task,
    removal,
    unlinking,
)
from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.fields import (
    Assign,
    Describe,
    Estimate,
    Rename,
    Resize,
    Rewrite,
    SetGoal,
    SetKind,
    SetPerson,
    SetStatus,
)
from stellwerk.domain.edits.items import Add, Move, contents
from stellwerk.domain.edits.lines import Choose, Recommend, Reopen
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.goal import (
    Absence,
    Direction,
    Goal,
    GoalStatus,
    Person,
    Role,
    Source,
    SourceKind,
)
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.refs import PEOPLE, RefBook
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage, digest
from stellwerk.errors import EditError
from stellwerk.testing.clock import CountedUids, FrozenClock

Value = TypeVar("Value")

MODEST: Final = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Settings of every property test over whole plans."""

TITLES: Final = st.sampled_from(
    (
        "A",
        "Lay the track",
        "Über alles prüfen",
        "O'Brien; DROP--",
        'a "b" %s {c}',
        "  ",
        "旅 👩‍🚀",
    )
)
NOTES: Final = st.sampled_from(
    ("", "plain words", "## Steps\n\n1. go\n", "## Risiken\n\n- Regen → Schirm\n", "ä\t\n\n\n")
)
ODDS: Final = st.sampled_from((None, 0.0, 0.25, 0.5, 0.75, 1.0))
DAYS: Final = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days))
MOMENTS: Final = st.integers(0, 10_000).map(
    lambda minutes: FrozenClock().now + timedelta(minutes=minutes)
)
ESTIMATES: Final = st.none() | st.lists(
    st.sampled_from((0.5, 1.0, 2.5, 8.0, 40.0)), min_size=3, max_size=3
).map(lambda hours: ThreePoint(*sorted(hours)))
STANDINGS: Final = st.builds(
    Standing,
    status=st.sampled_from((Status.TODO, Status.TODO, *Status)),
    started_at=st.none() | MOMENTS,
    finished_at=st.none() | MOMENTS,
    spent_hours=st.sampled_from((None, 0.0, 1.5)),
    waiting_for=st.sampled_from(("", "the town hall")),
    reason=st.sampled_from(("", "no permit yet")),
)
_PEOPLE: Final = st.builds(
    Person,
    uid=st.just("0"),
    number=st.just(1),
    name=TITLES,
    born_at=MOMENTS,
    role=st.sampled_from(Role),
    direction=st.sampled_from(Direction),
    notes=NOTES,
    email=st.sampled_from(("", "a@example.org")),
    capacity_hours=st.sampled_from((None, 0.0, 7.5, 168.0)),
    weekdays=st.sampled_from(((), (1, 2, 3, 4, 5), (6, 7))),
    absences=st.lists(st.builds(Absence, DAYS, DAYS), max_size=2).map(tuple),
)
_GOALS: Final = st.builds(
    Goal,
    uid=st.just("0"),
    slug=st.sampled_from(("learn-spanish", "a", "x2-y")),
    title=TITLES,
    created_at=MOMENTS,
    description=NOTES,
    status=st.sampled_from(GoalStatus),
    language=st.sampled_from(("en", "de")),
    target_date=st.none() | DAYS,
    prologue=NOTES,
    rallying_cry=TITLES,
    source=st.builds(
        Source,
        kind=st.sampled_from(SourceKind),
        provider=st.sampled_from(("", "playbooks")),
        model=st.sampled_from(("", "general")),
        prompts=st.sampled_from(((), ("plan@1", "steps@2"))),
    ),
    unit_hours=st.sampled_from((0.5, 1.0, 4.0)),
    quality=st.sampled_from((None, 0.0, 0.8, 1.0)),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan with what lives beside it.

    Attributes:
        plan: The plan.
        book: What refs have been handed out.
        notes: Texts of the notes by package uid, those of empty ones missing.
        births: Where uids and times of new items come from.
    """

    plan: Plan
    book: RefBook
    notes: Mapping[str, str]
    births: Births


@dataclass(frozen=True, slots=True)
class Step:
    """One legal edit with what was before and what came of it."""

    before: Drawn
    edit: Edit
    after: Drawn


def stepped(drawn: Drawn, edit: Edit) -> Drawn:
    """Return what an edit makes of a plan, its book and its notes (EditError)."""
    plan = apply(edit, drawn.plan)
    texts = {digest(text): text for text in drawn.notes.values()} | dict(edit.texts)
    notes = {package.uid: texts[package.notes] for package in plan.packages if package.notes}
    return Drawn(plan, drawn.book.following(drawn.plan, plan), notes, drawn.births)


def kinds_in(edit: Edit) -> Iterator[str]:
    """Yield the class names of an edit and of all it holds."""
    yield type(edit).__name__
    if isinstance(edit, Batch):
        for inner in edit.edits:
            yield from kinds_in(inner)


@st.composite
def drawn_plans(draw: st.DrawFn, max_routes: int = 7, min_routes: int = 0) -> Drawn:
    """Return a valid plan of some routes, in any state it can be in."""
    uids, clock = CountedUids(), FrozenClock()
    goal = replace(draw(_GOALS), uid=uids())
    people = tuple(
        replace(person, uid=uids(), number=number)
        for number, person in enumerate(draw(st.lists(_PEOPLE, max_size=2)), 1)
    )
    count = draw(st.integers(min_routes, max_routes))
    routes, notes = _routes(draw, uids, count, [person.uid for person in people])
    edges = _edges(draw, [route.uid for route in routes])
    switches = _drawn_switches(draw, uids, edges)
    if draw(st.booleans()):
        routes = draw(st.permutations(routes))
    plan = Plan(goal, tuple(routes), edges, switches, people)
    book = RefBook().following(Plan(goal), plan)
    return Drawn(plan, book, notes, Births(clock(), uids))


def plans(max_routes: int = 7, min_routes: int = 0) -> st.SearchStrategy[Plan]:
    """Return a strategy for plans alone."""
    return drawn_plans(max_routes, min_routes).map(lambda drawn: drawn.plan)


@st.composite
def edits(draw: st.DrawFn, drawn: Drawn, kinds: Sequence[str] = ()) -> Edit | None:
    """Return an edit the plan takes, or None where the one that came up is refused."""
    make = WISHES[draw(st.sampled_from(kinds or tuple(WISHES)))]
    try:
        edit = make(draw, drawn)
        apply(edit, drawn.plan)
    except EditError:
        return None
    return edit


@st.composite
def histories(draw: st.DrawFn, most: int = 10) -> tuple[Step, ...]:
    """Return legal edits made one after the other on a drawn plan."""
    drawn, steps = draw(drawn_plans(max_routes=5, min_routes=1)), list[Step]()
    for _ in range(draw(st.integers(min(4, most), most))):
        if (edit := draw(edits(drawn))) is not None:
            steps.append(Step(drawn, edit, stepped(drawn, edit)))
            drawn = steps[-1].after
    return tuple(steps)


def _routes(
    draw: st.DrawFn, uids: CountedUids, count: int, people: list[str]
) -> tuple[list[Route], dict[str, str]]:
    """Return routes in an order no edge and no need will run against, and their notes."""
    routes, notes, earlier, number = list[Route](), dict[str, str](), list[str](), 0
    for _ in range(count):
        number += draw(st.integers(1, 2))
        tasks = list[Task]()
        for place in range(draw(st.integers(0, 2))):
            packages = list[WorkPackage]()
            for spot in range(draw(st.integers(0, 2))):
                text = draw(NOTES)
                package = replace(
                    draw(_packages(earlier, people)), uid=uids(), number=spot + 1
                )
                packages.append(replace(package, notes=digest(text)))
                earlier.append(package.uid)
                if text:
                    notes[package.uid] = text
            held = tuple(packages)
            task = Task(uids(), 2 * place + 1, draw(TITLES), draw(MOMENTS), "", held)
            tasks.append(task)
        route = Route(uids(), number, draw(TITLES), draw(MOMENTS), tasks=tuple(tasks))
        routes.append(replace(route, kind=draw(st.sampled_from(RouteKind))))
    return routes, notes


def _packages(earlier: list[str], people: list[str]) -> st.SearchStrategy[WorkPackage]:
    needs = st.just(())
    if earlier:
        needs = st.lists(st.sampled_from(earlier), max_size=2, unique=True).map(
            lambda uids: tuple(sorted(uids))
        )
    return st.builds(
        WorkPackage,
        uid=st.just("0"),
        number=st.just(1),
        title=TITLES,
        born_at=MOMENTS,
        length=st.integers(1, 8),
        grade=st.integers(0, 10),
        estimate=ESTIMATES,
        elapsed_days=st.sampled_from((None, 0, 14)),
        needs=needs,
        assignee=st.sampled_from((None, *people)),
        standing=STANDINGS,
    )


def _edges(draw: st.DrawFn, routes: list[str]) -> tuple[Edge, ...]:
    pairs = list(combinations(routes, 2))
    if not pairs:
        return ()
    least = draw(st.sampled_from((0, len(routes) - 1, min(2 * len(routes) - 3, 10))))
    laid = draw(st.sets(st.sampled_from(pairs), min_size=least, max_size=10))
    return tuple(sorted(Edge(tail, head) for tail, head in laid))


def _drawn_switches(
    draw: st.DrawFn, uids: CountedUids, edges: tuple[Edge, ...]
) -> tuple[Switch, ...]:
    switches = list[Switch]()
    for tail in sorted({edge.tail for edge in edges}):
        heads = [edge.head for edge in edges if edge.tail == tail]
        if len(heads) < 2 or draw(st.integers(0, 3)) == 3:
            continue
        options = tuple(
            Option(uids(), number, draw(TITLES), head, draw(MOMENTS), "", draw(ODDS))
            for number, head in enumerate(draw(st.permutations(heads)), 1)
        )
        setting = st.sampled_from((None, *(option.uid for option in options)))
        switch = Switch(uids(), len(switches) + 1, tail, draw(TITLES), draw(MOMENTS))
        switch = replace(switch, chosen=draw(setting), recommended=draw(setting))
        switches.append(replace(switch, options=options))
    return tuple(switches)


def _pick(draw: st.DrawFn, values: Sequence[Value]) -> Value:
    """Return one of some values, or refuse because there is none."""
    if not values:
        raise EditError("There is nothing to pick from.")
    return draw(st.sampled_from(values))


def _uids(plan: Plan, *kinds: type) -> list[str]:
    kinds = kinds or (object,)
    return [uid for uid, item in plan.index.items.items() if isinstance(item, kinds)]


def _some(draw: st.DrawFn, values: Sequence[Value], most: int) -> list[Value]:
    if not values:
        return []
    return draw(st.lists(st.sampled_from(values), max_size=most, unique=True))


def _add_route(draw: st.DrawFn, drawn: Drawn) -> Edit:
    routes = _uids(drawn.plan, Route)
    after, before = _some(draw, routes, 2), _some(draw, routes, 1)
    birth = drawn.plan, drawn.book, drawn.births
    return new_route(*birth, draw(TITLES), after=after, before=before)


def _add_task(draw: st.DrawFn, drawn: Drawn) -> Edit:
    route = _pick(draw, _uids(drawn.plan, Route))
    at = draw(st.sampled_from((None, 0, 1)))
    return new_task(drawn.plan, drawn.book, drawn.births, draw(TITLES), route, at)


def _add_package(draw: st.DrawFn, drawn: Drawn) -> Edit:
    task = _pick(draw, _uids(drawn.plan, Task))
    text, uid = draw(NOTES), drawn.births.new_uid()
    package = replace(
        draw(_packages(_uids(drawn.plan, WorkPackage), _uids(drawn.plan, Person))),
        uid=uid,
        number=drawn.book.next(task),
        notes=digest(text),
    )
    return Add(package, task, draw(st.integers(0, 2)), {uid: text} if text else {})


def _add_person(draw: st.DrawFn, drawn: Drawn) -> Edit:
    number = drawn.book.next(PEOPLE)
    person = replace(draw(_PEOPLE), uid=drawn.births.new_uid(), number=number)
    return Add(person, drawn.plan.goal.uid)


def _add_switch(draw: st.DrawFn, drawn: Drawn) -> Edit:
    route = _pick(draw, [uid for uid, to in drawn.plan.index.after.items() if len(to) > 1])
    return new_switch(drawn.plan, drawn.book, drawn.births, route, draw(TITLES))


def _remove(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan))
    going = {part.uid for part in contents(drawn.plan.item(uid))}
    notes = {uid: text for uid, text in drawn.notes.items() if uid in going}
    return removal(drawn.plan, uid, notes)


def _move(draw: st.DrawFn, drawn: Drawn) -> Edit:
    plan = drawn.plan
    uid = _pick(draw, _uids(plan, Route, Task, WorkPackage))
    match plan.item(uid):
        case Route():
            parent = plan.goal.uid
        case Task():
            parent = _pick(draw, _uids(plan, Route))
        case _:
            parent = _pick(draw, _uids(plan, Task))
    return moving(plan, drawn.book, uid, parent, draw(st.integers(0, 3)))


def _link(draw: st.DrawFn, drawn: Drawn) -> Edit:
    kind = draw(st.sampled_from((Route, WorkPackage)))
    uids = _uids(drawn.plan, kind)
    uid, on = _pick(draw, uids), _pick(draw, uids)
    return linking(drawn.plan, drawn.book, drawn.births, uid, on)


def _unlink_routes(draw: st.DrawFn, drawn: Drawn) -> Edit:
    edge = _pick(draw, drawn.plan.edges)
    return unlinking(drawn.plan, edge.head, edge.tail)


def _unlink_packages(draw: st.DrawFn, drawn: Drawn) -> Edit:
    needs = [(p.uid, on) for p in drawn.plan.packages for on in p.needs]
    return unlinking(drawn.plan, *_pick(draw, needs))


def _choose(draw: st.DrawFn, drawn: Drawn) -> Edit:
    switch = _pick(draw, drawn.plan.switches)
    return Choose(switch.uid, _pick(draw, switch.options).uid)


def _reopen(draw: st.DrawFn, drawn: Drawn) -> Edit:
    return Reopen(_pick(draw, drawn.plan.switches).uid)


def _recommend(draw: st.DrawFn, drawn: Drawn) -> Edit:
    switch = _pick(draw, drawn.plan.switches)
    options = [option.uid for option in switch.options]
    odds = {uid: draw(ODDS) for uid in _some(draw, options, 3)}
    return Recommend(switch.uid, draw(st.sampled_from((None, *options))), odds)


def _rename(draw: st.DrawFn, drawn: Drawn) -> Edit:
    return Rename(_pick(draw, _uids(drawn.plan)), draw(TITLES))


def _describe(draw: st.DrawFn, drawn: Drawn) -> Edit:
    return Describe(_pick(draw, _uids(drawn.plan)), draw(NOTES))


def _rewrite(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan, WorkPackage))
    return Rewrite(uid, drawn.notes.get(uid, ""), draw(NOTES))


def _resize(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan, WorkPackage))
    return Resize(uid, draw(st.integers(1, 8)), draw(st.integers(0, 10)))


def _estimate(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan, WorkPackage))
    return Estimate(uid, draw(ESTIMATES), draw(st.sampled_from((None, 0, 3))))


def _set_status(draw: st.DrawFn, drawn: Drawn) -> Edit:
    return SetStatus(_pick(draw, _uids(drawn.plan, WorkPackage)), draw(STANDINGS))


def _assign(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan, WorkPackage))
    return Assign(uid, draw(st.sampled_from((None, *_uids(drawn.plan, Person)))))


def _set_kind(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan, Route))
    return SetKind(uid, draw(st.sampled_from(RouteKind)))


def _set_goal(draw: st.DrawFn, drawn: Drawn) -> Edit:
    fields = ("title", "description", "status", "target_date", "unit_hours", "deleted", "slug")
    names = draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3, unique=True))
    return SetGoal(tuple(names), replace(draw(_GOALS), uid=drawn.plan.goal.uid))


def _set_person(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _pick(draw, _uids(drawn.plan, Person))
    fields = ("name", "role", "email", "capacity_hours", "weekdays", "absences")
    names = draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3, unique=True))
    return SetPerson(tuple(names), replace(draw(_PEOPLE), uid=uid))


def _batch(draw: st.DrawFn, drawn: Drawn) -> Edit:
    made, _ = _several(draw, drawn)
    return Batch(tuple(made), draw(st.sampled_from(("", "several at once"))))


def _replace_plan(draw: st.DrawFn, drawn: Drawn) -> Edit:
    _, after = _several(draw, drawn)
    return ReplacePlan(drawn.plan, after.plan, drawn.notes, after.notes)


def _several(draw: st.DrawFn, drawn: Drawn) -> tuple[list[Edit], Drawn]:
    made = list[Edit]()
    for _ in range(draw(st.integers(0, 3))):
        if (edit := draw(edits(drawn, _SINGLE))) is not None:
            made.append(edit)
            drawn = stepped(drawn, edit)
    return made, drawn


def _shuffle(draw: st.DrawFn, drawn: Drawn) -> Edit:
    """Return a move there and back again under a number of its own."""
    route = _pick(draw, drawn.plan.routes)
    return Move(route.uid, drawn.plan.goal.uid, draw(st.integers(0, 5)), route.number)


WISHES: Final[Mapping[str, Callable[[st.DrawFn, Drawn], Edit]]] = {
    "add route": _add_route,
    "add task": _add_task,
    "add package": _add_package,
    "add person": _add_person,
    "add switch": _add_switch,
    "remove": _remove,
    "move": _move,
    "shuffle": _shuffle,
    "link": _link,
    "unlink routes": _unlink_routes,
    "unlink packages": _unlink_packages,
    "choose": _choose,
    "reopen": _reopen,
    "recommend": _recommend,
    "rename": _rename,
    "describe": _describe,
    "rewrite": _rewrite,
    "resize": _resize,
    "estimate": _estimate,
    "set status": _set_status,
    "assign": _assign,
    "set kind": _set_kind,
    "set goal": _set_goal,
    "set person": _set_person,
    "batch": _batch,
    "replace plan": _replace_plan,
}
"""What a person can ask for, by name; each returns an edit or raises EditError."""

_SINGLE: Final = tuple(name for name in WISHES if name not in {"batch", "replace plan"})
STRUCTURE: Final = _SINGLE[:12]
"""The wishes that change the shape of a plan."""
