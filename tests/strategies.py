"""Hypothesis strategies: plans with all that lives beside them, and edits that fit them.

Uids and times come from `stellwerk.testing.clock`, so an example repeats exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from stellwerk.domain.births import Births
from stellwerk.domain.edits import compound, fields
from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.items import Add, contents
from stellwerk.domain.edits.lines import Choose, Recommend, Reopen
from stellwerk.domain.edits.status import SetStatus
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
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Settings of every property test over whole plans."""

_START: Final = FrozenClock().now
_LATER: Final = _START + timedelta(days=3, microseconds=5)
_DAY: Final = date(2026, 2, 28)
_TITLES: Final = (
    *("A", "Lay the track", "Über alles", "O'Brien; DROP--", 'a "%s" {c}', "旅 👩‍🚀", ""),
)
_NOTES: Final = (
    *("", "plain words", "## Steps\n\n1. go\n", "## Risiken\n\n- Regen → Schirm\n"),
    "ä\t\n\n\n",
)
_ODDS: Final = (None, 0.0, 0.25, 0.5, 0.75, 1.0)
_SIZES: Final = ((1, 0), (2, 10), (3, 3), (5, 7), (8, 1))
_DAYS: Final = (None, 0, 14)
_ESTIMATES: Final = (
    *(None, ThreePoint(0.5, 0.5, 0.5), ThreePoint(1.0, 2.5, 8.0), ThreePoint(2.5, 8.0, 40.0)),
)
_STANDINGS: Final = (
    *(Standing(), Standing(Status.DONE, spent_hours=0.0), Standing(Status.DOING, _LATER)),
    Standing(Status.DONE, _START, _LATER, 1.5),
    Standing(Status.DIVERTED, finished_at=_LATER, reason="bought\ninstead"),
    Standing(Status.WAITING, waiting_for="the town hall", reason="no permit yet"),
    Standing(Status.TODO, started_at=_LATER),
)
_PEOPLE: Final = (
    Person("0", 1, "Ada", _START),
    Person("0", 1, "Émile", _LATER, Role.HELPER, Direction.AHEAD, "a\nb", "a@b.org", 7.5),
    Person("0", 1, "", _LATER, capacity_hours=0.0, weekdays=()),
    Person("0", 1, "旅", _LATER, weekdays=(6, 7), absences=(Absence(_DAY, _DAY),)),
)
_GOALS: Final = (
    Goal("0", "a", "A", _START),
    Goal("0", "x2-y", "Ein Ziel", _LATER, language="de", unit_hours=0.5, quality=0.0),
    Goal(
        *("0", "learn-spanish", "Learn Spanish", _LATER, "why\n\nnot"),
        *(GoalStatus.IN_PROGRESS, "en", _DAY, "prologue", "¡Vamos!"),
        *(Source(SourceKind.MODEL, "openai", "o", ("plan@1", "steps@2")), 4.0, 0.8),
    ),
    Goal("0", "b", "B", _LATER, source=Source(SourceKind.PLAYBOOK), deleted=True),
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
    """Return a valid plan of some routes, in any state it can be in.

    The shape is drawn piece by piece, so failures shrink; what stands in it comes from
    one drawn seed, which is much faster.
    """
    uids, content = CountedUids(), Random(draw(st.integers(0, 2**16)))
    goal = replace(content.choice(_GOALS), uid=uids())
    people = tuple(
        replace(content.choice(_PEOPLE), uid=uids(), number=number)
        for number in range(1, draw(st.integers(1, 3)))
    )
    helpers = [person.uid for person in people]
    shape = st.lists(st.integers(0, 2), max_size=2)
    routes, notes = list[Route](), dict[str, str]()
    for _ in range(draw(st.integers(min_routes, max_routes))):
        route = _route(content, uids, draw(shape), list(notes), helpers)
        routes.append(replace(route, number=2 * len(routes) + 1))
        for package in route.packages:
            notes[package.uid] = _text(package)
    edges = _edges(draw, [route.uid for route in routes])
    switches = _switches(draw, content, uids, edges)
    content.shuffle(routes)
    plan = Plan(goal, tuple(routes), edges, switches, people)
    book = RefBook().following(Plan(goal), plan)
    notes = {uid: text for uid, text in notes.items() if text}
    return Drawn(plan, book, notes, Births(_START, uids))


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
    drawn, steps = draw(drawn_plans(max_routes=5, min_routes=3)), list[Step]()
    for _ in range(draw(st.integers(min(4, most), most))):
        if (edit := draw(edits(drawn))) is not None:
            steps.append(Step(drawn, edit, stepped(drawn, edit)))
            drawn = steps[-1].after
    return tuple(steps)


def _route(
    content: Random, uids: CountedUids, shape: list[int], earlier: list[str], people: list[str]
) -> Route:
    """Return a route of a shape, whose packages may need earlier ones."""
    tasks, earlier = list[Task](), list(earlier)
    for count in shape:
        packages = list[WorkPackage]()
        for number in range(1, count + 1):
            package = _package(content, uids(), earlier, people)
            packages.append(replace(package, number=number))
            earlier.append(package.uid)
        number, held = 2 * len(tasks) + 1, tuple(packages)
        tasks.append(Task(uids(), number, content.choice(_TITLES), _LATER, packages=held))
    kind = content.choice(tuple(RouteKind))
    return Route(uids(), 1, content.choice(_TITLES), _START, "", kind, tuple(tasks))


def _package(content: Random, uid: str, earlier: list[str], people: list[str]) -> WorkPackage:
    length, grade = content.choice(_SIZES)
    return WorkPackage(
        uid=uid,
        number=1,
        title=content.choice(_TITLES),
        born_at=content.choice((_START, _LATER)),
        notes=digest(content.choice(_NOTES)),
        length=length,
        grade=grade,
        estimate=content.choice(_ESTIMATES),
        elapsed_days=content.choice(_DAYS),
        needs=tuple(
            sorted(content.sample(earlier, min(len(earlier), content.choice((0, 1, 2)))))
        ),
        assignee=content.choice((None, *people)),
        standing=content.choice((_STANDINGS[0], *_STANDINGS)),
    )


def _text(package: WorkPackage) -> str:
    """Return the text of a package's notes."""
    return next(text for text in _NOTES if digest(text) == package.notes)


def _edges(draw: st.DrawFn, routes: list[str]) -> tuple[Edge, ...]:
    """Return edges that lead forward, one for each set bit of a drawn number."""
    pairs = list(combinations(routes, 2))
    laid = draw(st.integers(0, 2 ** len(pairs) - 1))
    return tuple(sorted(Edge(*pair) for at, pair in enumerate(pairs) if laid >> at & 1))


def _switches(
    draw: st.DrawFn, content: Random, uids: CountedUids, edges: tuple[Edge, ...]
) -> tuple[Switch, ...]:
    switches = list[Switch]()
    for tail in sorted({edge.tail for edge in edges}):
        heads = [edge.head for edge in edges if edge.tail == tail]
        if len(heads) < 2 or draw(st.integers(0, 3)) == 3:
            continue
        content.shuffle(heads)
        options = tuple(
            Option(uids(), number, "Way", head, _LATER, "", content.choice(_ODDS))
            for number, head in enumerate(heads, 1)
        )
        setting = st.sampled_from((None, *(option.uid for option in options)))
        switches.append(
            Switch(
                *(uids(), len(switches) + 1, tail, content.choice(_TITLES), _START, ""),
                *(options, draw(setting), draw(setting)),
            )
        )
    return tuple(switches)


def _pick(draw: st.DrawFn, values: Sequence[Value]) -> Value:
    """Return one of some values, or refuse because there is none."""
    if not values:
        raise EditError("There is nothing to pick from.")
    return draw(st.sampled_from(values))


def _uids(plan: Plan, *kinds: type) -> list[str]:
    return [uid for uid, item in plan.index.items.items() if isinstance(item, kinds)]


def _a(draw: st.DrawFn, drawn: Drawn, kind: type = WorkPackage) -> str:
    """Return the uid of an item of a kind."""
    return _pick(draw, _uids(drawn.plan, kind))


def _some(draw: st.DrawFn, values: Sequence[Value], most: int) -> list[Value]:
    if not values:
        return []
    return draw(st.lists(st.sampled_from(values), max_size=most, unique=True))


def _add_route(draw: st.DrawFn, drawn: Drawn) -> Edit:
    routes = _uids(drawn.plan, Route)
    after, before = _some(draw, routes, 2), _some(draw, routes, 1)
    birth = drawn.plan, drawn.book, drawn.births
    return compound.new_route(*birth, _pick(draw, _TITLES), after=after, before=before)


def _add_task(draw: st.DrawFn, drawn: Drawn) -> Edit:
    route = _a(draw, drawn, Route)
    at = draw(st.sampled_from((None, 0, 1)))
    return compound.new_task(
        drawn.plan, drawn.book, drawn.births, _pick(draw, _TITLES), route, at
    )


def _add_package(draw: st.DrawFn, drawn: Drawn) -> Edit:
    plan, task = drawn.plan, _a(draw, drawn, Task)
    content = Random(draw(st.integers(0, 2**16)))
    others = _uids(plan, WorkPackage), _uids(plan, Person)
    package = _package(content, drawn.births.new_uid(), *others)
    package = replace(package, number=drawn.book.next(task))
    return Add(package, task, draw(st.integers(0, 2)), {package.uid: _text(package)})


def _add_person(draw: st.DrawFn, drawn: Drawn) -> Edit:
    number = drawn.book.next(PEOPLE)
    person = replace(_pick(draw, _PEOPLE), uid=drawn.births.new_uid(), number=number)
    return Add(person, drawn.plan.goal.uid)


def _add_switch(draw: st.DrawFn, drawn: Drawn) -> Edit:
    route = _pick(draw, [uid for uid, to in drawn.plan.index.after.items() if len(to) > 1])
    return compound.new_switch(
        drawn.plan, drawn.book, drawn.births, route, _pick(draw, _TITLES)
    )


def _remove(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _a(draw, drawn, object)
    going = {part.uid for part in contents(drawn.plan.item(uid))}
    notes = {uid: text for uid, text in drawn.notes.items() if uid in going}
    return compound.removal(drawn.plan, uid, notes)


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
    return compound.moving(plan, drawn.book, uid, parent, draw(st.integers(0, 3)))


def _link(draw: st.DrawFn, drawn: Drawn, kind: type) -> Edit:
    uids = _uids(drawn.plan, kind)
    uid, on = _pick(draw, uids), _pick(draw, uids)
    return compound.linking(drawn.plan, drawn.book, drawn.births, uid, on)


def _unlink_routes(draw: st.DrawFn, drawn: Drawn) -> Edit:
    edge = _pick(draw, drawn.plan.edges)
    return compound.unlinking(drawn.plan, edge.head, edge.tail)


def _unlink_packages(draw: st.DrawFn, drawn: Drawn) -> Edit:
    needs = [(p.uid, on) for p in drawn.plan.packages for on in p.needs]
    return compound.unlinking(drawn.plan, *_pick(draw, needs))


def _choose(draw: st.DrawFn, drawn: Drawn) -> Edit:
    switch = _pick(draw, drawn.plan.switches)
    return Choose(switch.uid, _pick(draw, switch.options).uid)


def _recommend(draw: st.DrawFn, drawn: Drawn) -> Edit:
    switch = _pick(draw, drawn.plan.switches)
    options = [option.uid for option in switch.options]
    odds = {uid: _pick(draw, _ODDS) for uid in _some(draw, options, 3)}
    return Recommend(switch.uid, draw(st.sampled_from((None, *options))), odds)


def _rewrite(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _a(draw, drawn)
    return fields.Rewrite(uid, drawn.notes.get(uid, ""), _pick(draw, _NOTES))


def _assign(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _a(draw, drawn)
    return fields.Assign(uid, draw(st.sampled_from((None, *_uids(drawn.plan, Person)))))


def _set_goal(draw: st.DrawFn, drawn: Drawn) -> Edit:
    known = ("title", "description", "status", "target_date", "unit_hours", "deleted", "slug")
    names = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    return fields.SetGoal(tuple(names), replace(_pick(draw, _GOALS), uid=drawn.plan.goal.uid))


def _set_person(draw: st.DrawFn, drawn: Drawn) -> Edit:
    uid = _a(draw, drawn, Person)
    known = ("name", "role", "email", "capacity_hours", "weekdays", "absences")
    names = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    return fields.SetPerson(tuple(names), replace(_pick(draw, _PEOPLE), uid=uid))


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


WISHES: Final[Mapping[str, Callable[[st.DrawFn, Drawn], Edit]]] = {
    "add route": _add_route,
    "add task": _add_task,
    "add package": _add_package,
    "add person": _add_person,
    "add switch": _add_switch,
    "remove": _remove,
    "move": _move,
    "link routes": lambda draw, drawn: _link(draw, drawn, Route),
    "link packages": lambda draw, drawn: _link(draw, drawn, WorkPackage),
    "unlink routes": _unlink_routes,
    "unlink packages": _unlink_packages,
    "choose": _choose,
    "reopen": lambda draw, drawn: Reopen(_pick(draw, drawn.plan.switches).uid),
    "recommend": _recommend,
    "rename": lambda draw, drawn: fields.Rename(_a(draw, drawn, object), _pick(draw, _TITLES)),
    "describe": lambda draw, drawn: fields.Describe(
        _a(draw, drawn, object), _pick(draw, _NOTES)
    ),
    "rewrite": _rewrite,
    "resize": lambda draw, drawn: fields.Resize(_a(draw, drawn), *_pick(draw, _SIZES)),
    "estimate": lambda draw, drawn: fields.Estimate(
        _a(draw, drawn), _pick(draw, _ESTIMATES), _pick(draw, _DAYS)
    ),
    "set status": lambda draw, drawn: SetStatus(_a(draw, drawn), _pick(draw, _STANDINGS)),
    "assign": _assign,
    "set kind": lambda draw, drawn: fields.SetKind(
        _a(draw, drawn, Route), _pick(draw, tuple(RouteKind))
    ),
    "set goal": _set_goal,
    "set person": _set_person,
    "batch": _batch,
    "replace plan": _replace_plan,
}
"""What a person can ask for, by name; each returns an edit or raises EditError."""

_SINGLE: Final = tuple(name for name in WISHES if name not in {"batch", "replace plan"})
