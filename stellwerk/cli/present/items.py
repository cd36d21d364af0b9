"""Items of a plan, one at a time: text for people, data for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from stellwerk.cli.ink import Ink
from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.plan import Item, Option, Plan, Route, Switch, title_of
from stellwerk.domain.refs import letters
from stellwerk.domain.work import MARKS, Status, Task, WorkPackage

KINDS = {
    Route: "route",
    Task: "task",
    WorkPackage: "work-package",
    Switch: "switch",
    Option: "option",
    Person: "person",
}
STYLES = {
    Status.TODO: "",
    Status.DOING: "bold yellow",
    Status.WAITING: "yellow",
    Status.DONE: "green",
    Status.DIVERTED: "dim",
}


def goal_data(goal: Goal) -> dict[str, Any]:
    """Return a goal as JSON data."""
    from stellwerk.domain.values import to_data

    data: dict[str, Any] = to_data(goal)
    return data


_SCALARS = ("waiting_for", "reason", "email")
"""Texts that are not there as long as nobody gave them: null in JSON."""


def item_data(plan: Plan, item: Item) -> dict[str, Any]:
    """Return an item as JSON data, other items in it by their refs."""
    from stellwerk.domain.values import to_data

    data: dict[str, Any] = {"ref": plan.ref(item.uid), "kind": KINDS[type(item)]}
    data |= {
        name: value for name, value in to_data(item).items() if name not in ("is", "number")
    }
    match item:
        case Route():
            data |= {"kind": KINDS[Route], "line": item.kind.value}
            data["tasks"] = [item_data(plan, task) for task in item.tasks]
            data["needs"] = [
                plan.ref(uid) for uid in _ordered(plan, plan.index.before[item.uid])
            ]
        case Task():
            data["packages"] = [item_data(plan, package) for package in item.packages]
        case WorkPackage():
            data["needs"] = [plan.ref(uid) for uid in item.needs]
            data["assignee"] = plan.ref(item.assignee) if item.assignee else None
            data["standing"] = _nulls(data["standing"])
            data |= {"status": item.status.value, "notes_digest": data.pop("notes")}
        case Switch():
            data["route"] = plan.ref(item.route)
            data["options"] = [item_data(plan, option) for option in item.options]
            for name, uid in (("chosen", item.chosen), ("recommended", item.recommended)):
                data[name] = plan.ref(uid) if uid else None
        case Option():
            data["head"] = plan.ref(item.head)
    return _nulls(data)


def _nulls(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: None if name in _SCALARS and not each else each for name, each in data.items()
    }


def package_lines(
    plan: Plan, ink: Ink, indent: str = "  "
) -> Callable[[str, Iterable[WorkPackage]], list[str]]:
    """Return the function that writes lines of work packages, given the ref of their task."""
    (cyan, plain), (dim, bright) = (ink(s, "\0").split("\0") for s in ("cyan", "dim"))
    starts = {
        status: f"{indent}{ink(STYLES[status], MARKS[status])} {cyan}" for status in Status
    }

    def extras(package: WorkPackage) -> str:
        who = f", {title_of(plan.item(package.assignee))}" if package.assignee else ""
        waits = package.waiting_for and package.status is Status.WAITING
        return f"{who}, waiting for {package.waiting_for}" if waits else who

    def lines(task: str, packages: Iterable[WorkPackage]) -> list[str]:
        return [
            f"{starts[p.status]}{task}.{p.number}{plain} {p.title} {dim}(length {p.length}"
            f"{extras(p) if p.assignee or p.waiting_for else ''}){bright}"
            for p in packages
        ]

    return lines


def item_text(plan: Plan, item: Item, notes: str, ink: Ink) -> str:
    """Return an item in full."""
    head = f"{ink('cyan', plan.ref(item.uid))} {ink('bold', title_of(item))}"
    lines = [head, *_body(plan, item, ink)]
    return "\n".join([*lines, "", notes.rstrip()] if notes else lines)


def _body(plan: Plan, item: Item, ink: Ink) -> Iterator[str]:
    match item:
        case Route():
            return _route(plan, item, ink)
        case Task():
            return _task(plan, item, ink)
        case WorkPackage():
            return _package(plan, item, ink)
        case Switch():
            return _switch(plan, item, ink)
        case Option():
            return _option(plan, item, ink)
        case Person():
            return _person(plan, item, ink)


def _route(plan: Plan, route: Route, ink: Ink) -> Iterator[str]:
    needs = ", ".join(plan.name(uid) for uid in _ordered(plan, plan.index.before[route.uid]))
    leads = ", ".join(plan.name(uid) for uid in _ordered(plan, plan.index.after[route.uid]))
    yield _row(ink, "Kind", route.kind.value)
    yield _row(ink, "Needs", needs or "nothing: it can begin at once")
    yield _row(ink, "Leads to", leads or "the end of the line")
    if switch := plan.index.switch_at.get(route.uid):
        yield _row(ink, "Switch", plan.name(switch.uid))
    if route.description:
        yield f"\n{route.description}"
    lines = package_lines(plan, ink)
    for task in route.tasks:
        ref = f"r{route.number}.{task.number}"
        yield f"\n{ink('cyan', ref)} {ink('bold', task.title)}"
        yield from lines(ref, task.packages)


def _ordered(plan: Plan, routes: Iterable[str]) -> list[str]:
    """Return routes by number, so that two readings of a plan agree."""
    return sorted(routes, key=lambda uid: plan.route(uid).number)


def _task(plan: Plan, task: Task, ink: Ink) -> Iterator[str]:
    yield _row(ink, "Route", plan.name(plan.route_of(task.uid).uid))
    if task.description:
        yield f"\n{task.description}"
    yield ""
    yield from package_lines(plan, ink)(plan.ref(task.uid), task.packages)


def _package(plan: Plan, package: WorkPackage, ink: Ink) -> Iterator[str]:
    hours, standing = package.estimate, package.standing
    yield _row(ink, "Route", plan.name(plan.route_of(package.uid).uid))
    yield _row(ink, "Status", standing.told)
    size = f"length {package.length} ({package.hours(plan.goal.unit_hours):g} h)"
    yield _row(ink, "Effort", f"{size}, grade {package.grade}")
    if hours:
        range_ = f"{hours.p10:g} h to {hours.p90:g} h in 8 of 10 cases, {hours.p50:g} h in the middle"
        yield _row(ink, "Estimate", range_)
    if package.elapsed_days:
        yield _row(ink, "Takes", f"at least {package.elapsed_days} days, whatever the effort")
    if package.needs:
        yield _row(ink, "Needs", ", ".join(plan.name(uid) for uid in package.needs))
    if package.assignee:
        yield _row(ink, "Who", title_of(plan.item(package.assignee)))


def _switch(plan: Plan, switch: Switch, ink: Ink) -> Iterator[str]:
    yield _row(ink, "At", plan.name(switch.route))
    if switch.prompt:
        yield f"\n{switch.prompt}"
    for option in switch.options:
        marks = [
            word
            for word, uid in (("chosen", switch.chosen), ("recommended", switch.recommended))
            if uid == option.uid
        ]
        told = f" {ink('green', '(' + ', '.join(marks) + ')')}" if marks else ""
        yield f"\n{ink('cyan', plan.ref(option.uid))} {ink('bold', option.label)}{told}"
        yield f"  leads to {plan.name(option.head)}"
        if option.probability is not None:
            yield f"  {option.probability:.0%} likely to be chosen"
        if option.tradeoff:
            yield "\n".join(f"  {line}" for line in option.tradeoff.splitlines())
    if switch.chosen is None:
        first = f"d{switch.number} {letters(switch.options[0].number)}"
        yield f"\n{ink('dim', f'Decide with `stellwerk choose {first}`.')}"


def _option(plan: Plan, option: Option, ink: Ink) -> Iterator[str]:
    yield _row(ink, "Of", plan.name(plan.index.parents[option.uid]))
    yield _row(ink, "Leads to", plan.name(option.head))
    if option.tradeoff:
        yield f"\n{option.tradeoff}"


def _person(plan: Plan, person: Person, ink: Ink) -> Iterator[str]:
    yield _row(ink, "Role", f"{person.role.value}, {person.direction.value.replace('_', ' ')}")
    if person.email:
        yield _row(ink, "Email", person.email)
    if person.capacity_hours is not None:
        yield _row(ink, "Capacity", f"{person.capacity_hours:g} hours a week")
    if person.notes:
        yield f"\n{person.notes}"
    mine = [package for package in plan.packages if package.assignee == person.uid]
    if mine:
        yield ""
    lines = package_lines(plan, ink)
    for package in mine:
        yield from lines(plan.ref(plan.index.parents[package.uid]), [package])


def _row(ink: Ink, name: str, value: str) -> str:
    return f"{ink('dim', f'{name:<9}')} {value}"
