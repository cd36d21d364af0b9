"""Plans as table rows and back, and the row changes between two plans. Pure.

A row is a tuple in the order of `COLUMNS`. Comparing two plans skips every route and task
that is the same object in both, so an edit costs what it changed, not what the plan holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

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
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Cell, ...]
Key: TypeAlias = tuple[Cell, ...]
Rows: TypeAlias = dict[tuple[str, Key], Row]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "goals": (
        *("uid", "slug", "title", "created_at", "description", "status", "language"),
        *("target_date", "prologue", "rallying_cry", "source_kind", "source_provider"),
        *("source_model", "source_prompts", "unit_hours", "quality", "deleted"),
    ),
    "routes": ("uid", "number", "title", "description", "kind", "position", "born_at"),
    "tasks": ("uid", "route_uid", "number", "title", "description", "position", "born_at"),
    "work_packages": (
        *("uid", "task_uid", "number", "title", "notes", "length", "grade", "p10_hours"),
        *("p50_hours", "p90_hours", "elapsed_days", "needs", "assignee_uid", "status"),
        *(
            "started_at",
            "finished_at",
            "spent_hours",
            "waiting_for",
            "reason",
            "position",
            "born_at",
        ),
    ),
    "edges": ("tail_uid", "head_uid"),
    "switches": (
        *("uid", "route_uid", "number", "title", "prompt", "chosen_uid"),
        *("recommended_uid", "born_at"),
    ),
    "options": (
        *("uid", "switch_uid", "number", "label", "head_uid", "tradeoff", "probability"),
        "born_at",
    ),
    "people": (
        *("uid", "number", "name", "role", "direction", "notes", "email"),
        *("capacity_hours", "weekdays", "absences", "born_at"),
    ),
}
KEYS: Final[Mapping[str, int]] = {"edges": 2}
"""How many of the first columns are the key of a table; one where not named."""


class RowChange(NamedTuple):
    """One row to write.

    Attributes:
        table: Its table.
        key: Values of its key columns.
        values: Columns to set; None deletes the row.
        new: Whether the row is inserted rather than updated.
    """

    table: str
    key: Key
    values: Mapping[str, Cell] | None
    new: bool = False


def row_changes(before: Plan, after: Plan) -> list[RowChange]:
    """Return the row changes that turn one plan of a goal into another."""
    old, new = _rows(before, after), _rows(after, before)
    changes = [RowChange(table, key, None) for table, key in old if (table, key) not in new]
    for (table, key), row in new.items():
        columns = COLUMNS[table]
        was = old.get((table, key))
        if was is None:
            changes.append(
                RowChange(table, key, dict(zip(columns, row, strict=True)), new=True)
            )
        elif was != row:
            cells = zip(columns, was, row, strict=True)
            changed = {column: now for column, then, now in cells if then != now}
            changes.append(RowChange(table, key, changed))
    return changes


def goal_row(goal: Goal) -> Row:
    """Return the row of a goal, without its revision."""
    source = goal.source
    return (
        *(goal.uid, goal.slug, goal.title, _time(goal.created_at), goal.description),
        *(goal.status, goal.language, _day(goal.target_date), goal.prologue),
        *(goal.rallying_cry, source.kind, source.provider, source.model),
        *(_array(source.prompts), goal.unit_hours, goal.quality, int(goal.deleted)),
    )


def goal_of(row: Row) -> Goal:
    """Return the goal of a row that `goal_row` made."""
    cell: dict[str, Any] = dict(zip(COLUMNS["goals"], row, strict=True))
    source = Source(
        SourceKind(cell["source_kind"]),
        cell["source_provider"],
        cell["source_model"],
        tuple(_list(cell["source_prompts"])),
    )
    return Goal(
        uid=cell["uid"],
        slug=cell["slug"],
        title=cell["title"],
        created_at=_moment(cell["created_at"]),
        description=cell["description"],
        status=GoalStatus(cell["status"]),
        language=cell["language"],
        target_date=date.fromisoformat(cell["target_date"]) if cell["target_date"] else None,
        prologue=cell["prologue"],
        rallying_cry=cell["rallying_cry"],
        source=source,
        unit_hours=cell["unit_hours"],
        quality=cell["quality"],
        deleted=bool(cell["deleted"]),
    )


def plan_of(
    goal: Goal,
    tables: Mapping[str, list[Row]],
    packages: Mapping[Cell, Sequence[WorkPackage]],
) -> Plan:
    """Return the plan of a goal from the rows of each table, siblings in order.

    What was stored has been checked before, so the invariants are not checked again.

    Args:
        goal: The goal.
        tables: The rows of every table but the goals' and the work packages'.
        packages: The work packages of each task, by its uid.
    """
    tasks: dict[Cell, list[Task]] = {}
    for uid, route, number, title, text, _, born in _typed(tables["tasks"]):
        task = Task(uid, number, title, _moment(born), text, tuple(packages.get(uid, ())))
        tasks.setdefault(route, []).append(task)
    routes = tuple(
        Route(
            uid, number, title, _moment(born), text, RouteKind(kind), tuple(tasks.get(uid, ()))
        )
        for uid, number, title, text, kind, _, born in _typed(tables["routes"])
    )
    edges = tuple(Edge(tail, head) for tail, head in sorted(_typed(tables["edges"])))
    people = tuple(_person(row) for row in tables["people"])
    return Plan(goal, routes, edges, _switches(tables), people, checked=False)


def _rows(plan: Plan, other: Plan) -> Rows:
    """Return the rows of a plan, without those of what `other` holds unchanged."""
    rows: Rows = {}
    if plan.goal is not other.goal:
        rows["goals", (plan.goal.uid,)] = goal_row(plan.goal)
    if plan.routes is not other.routes:
        _route_rows(rows, plan, other)
    if plan.edges is not other.edges:
        rows.update((("edges", (e.tail, e.head)), (e.tail, e.head)) for e in plan.edges)
    if plan.switches is not other.switches:
        for switch in plan.switches:
            rows["switches", (switch.uid,)] = _switch_row(switch)
            for option in switch.options:
                rows["options", (option.uid,)] = _option_row(option, switch.uid)
    if plan.people is not other.people:
        rows.update((("people", (p.uid,)), _person_row(p)) for p in plan.people)
    return rows


def _route_rows(rows: Rows, plan: Plan, other: Plan) -> None:
    others = {route.uid: (at, route) for at, route in enumerate(other.routes)}
    for at, route in enumerate(plan.routes):
        was_at, was = others.get(route.uid, (-1, None))
        if was is route and was_at == at:
            continue
        rows["routes", (route.uid,)] = (
            *(route.uid, route.number, route.title, route.description),
            *(route.kind, at, _time(route.born_at)),
        )
        tasks = {task.uid: (spot, task) for spot, task in enumerate(was.tasks)} if was else {}
        for spot, task in enumerate(route.tasks):
            was_spot, old = tasks.get(task.uid, (-1, None))
            if old is not task or was_spot != spot:
                _task_rows(rows, task, route.uid, spot, old)


def _task_rows(rows: Rows, task: Task, route: str, position: int, other: Task | None) -> None:
    rows["tasks", (task.uid,)] = (
        *(task.uid, route, task.number, task.title, task.description),
        *(position, _time(task.born_at)),
    )
    kept = {(at, id(package)) for at, package in enumerate(other.packages if other else ())}
    for at, package in enumerate(task.packages):
        if (at, id(package)) in kept:
            continue
        rows["work_packages", (package.uid,)] = _package_row(package, task.uid, at)


def _package_row(package: WorkPackage, task: str, position: int) -> Row:
    hours, standing = package.estimate, package.standing
    return (
        *(package.uid, task, package.number, package.title, package.notes),
        *(package.length, package.grade),
        *((hours.p10, hours.p50, hours.p90) if hours else (None, None, None)),
        *(package.elapsed_days, " ".join(package.needs), package.assignee, standing.status),
        *(_when(standing.started_at), _when(standing.finished_at), standing.spent_hours),
        *(standing.waiting_for, standing.reason, position, _time(package.born_at)),
    )


def package_of(row: Row) -> WorkPackage:
    """Return the work package of a row."""
    cells: tuple[Any, ...] = row
    p10, p50, p90 = cells[7:10]
    status, started, finished, spent, waiting_for, reason = cells[13:19]
    return WorkPackage(
        uid=cells[0],
        number=cells[2],
        title=cells[3],
        born_at=_moment(cells[20]),
        notes=cells[4],
        length=cells[5],
        grade=cells[6],
        estimate=ThreePoint(p10, p50, p90) if p50 is not None else None,
        elapsed_days=cells[10],
        needs=tuple(cells[11].split()),
        assignee=cells[12],
        standing=Standing(
            Status(status),
            _moment(started) if started else None,
            _moment(finished) if finished else None,
            spent,
            waiting_for,
            reason,
        ),
    )


def _switch_row(switch: Switch) -> Row:
    return (
        *(switch.uid, switch.route, switch.number, switch.title, switch.prompt),
        *(switch.chosen, switch.recommended, _time(switch.born_at)),
    )


def _option_row(option: Option, switch: str) -> Row:
    return (
        *(option.uid, switch, option.number, option.label, option.head),
        *(option.tradeoff, option.probability, _time(option.born_at)),
    )


def _switches(tables: Mapping[str, list[Row]]) -> tuple[Switch, ...]:
    options: dict[str, list[Option]] = {}
    for uid, switch, number, label, head, text, odds, born in _typed(tables["options"]):
        option = Option(uid, number, label, head, _moment(born), text, odds)
        options.setdefault(switch, []).append(option)
    return tuple(
        Switch(
            *(uid, number, route, title, _moment(born), prompt),
            *(tuple(options.get(uid, ())), chosen, recommended),
        )
        for uid, route, number, title, prompt, chosen, recommended, born in _typed(
            tables["switches"]
        )
    )


def _person_row(person: Person) -> Row:
    absences = [[_day(a.first), _day(a.last)] for a in person.absences]
    return (
        *(person.uid, person.number, person.name, person.role, person.direction),
        *(person.notes, person.email, person.capacity_hours),
        *(_array(person.weekdays), _array(absences), _time(person.born_at)),
    )


def _person(row: Row) -> Person:
    uid, number, name, role, direction, notes, email, hours, days, absences, born = next(
        _typed([row])
    )
    return Person(
        uid=uid,
        number=number,
        name=name,
        born_at=_moment(born),
        role=Role(role),
        direction=Direction(direction),
        notes=notes,
        email=email,
        capacity_hours=hours,
        weekdays=tuple(_list(days)),
        absences=tuple(
            Absence(date.fromisoformat(first), date.fromisoformat(last))
            for first, last in _list(absences)
        ),
    )


def _array(values: Sequence[object]) -> str:
    import json

    return json.dumps(values)


def _list(text: str) -> list[Any]:
    if text == "[]":
        return []
    import json

    found: list[Any] = json.loads(text)
    return found


def _typed(rows: list[Row]) -> Iterator[tuple[Any, ...]]:
    """Pass rows on as what the schema says they are."""
    return iter(rows)


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _when(moment: datetime | None) -> str | None:
    return _time(moment) if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


_moment = datetime.fromisoformat
