"""What is wanted on the map, as edits. Pure: a plan and a wish go in, an edit comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from stellwerk.domain.births import Births
from stellwerk.domain.edits.compound import new_route, new_switch, new_task
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.items import Add, Move
from stellwerk.domain.edits.lines import Choose, Reopen
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.surgery import place
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.refs import RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.text import one_line
from stellwerk.domain.work import Standing, Status, Task, WorkPackage
from stellwerk.errors import EditError


def route_after(base: Snapshot, births: Births, uid: str | None, title: str) -> Edit:
    """Return the edit that lays a route behind another one: between it and all that follows.

    At the end of a route with a switch it is one more way, which leads to where the others meet.
    """
    plan = base.plan
    if uid is None:
        return new_route(plan, base.book, births, title, after=[])
    if uid in plan.index.switch_at:
        return new_route(
            *(plan, base.book, births, title), after=[uid], before=_meeting(plan, uid)
        )
    return new_route(
        *(plan, base.book, births, title), after=[uid], before=_in_order(plan, uid)
    )


def route_before(base: Snapshot, births: Births, uid: str, title: str) -> Edit:
    """Return the edit that lays a route before another one."""
    plan = base.plan
    tails = sorted(plan.index.before[uid], key=lambda each: plan.route(each).number)
    return new_route(plan, base.book, births, title, after=tails, before=[uid])


def branching(
    base: Snapshot, births: Births, uid: str, question: str, ways: Sequence[str]
) -> Edit:
    """Return the edit that makes the line part behind a route, at a question.

    Each way is a new route; all of them lead to what came behind the route.

    Raises:
        EditError: There are fewer than two ways, or the route ends at a switch already.
    """
    plan, book = base.plan, base.book
    if uid in plan.index.switch_at:
        msg = f"{plan.name(uid)} ends at {plan.name(plan.index.switch_at[uid].uid)} already."
        raise EditError(msg, "Add a way to it: press a.")
    if len(ways) < 2:
        raise EditError("A decision needs two ways or more.", "Part them with semicolons.")
    heads = _in_order(plan, uid)
    edits: list[Edit] = []
    first = place(plan, uid)[1] + 1
    for at, title in enumerate(ways, first):
        edit = new_route(plan, book, births, title, after=[uid], before=heads, position=at)
        edits.append(edit)
        plan, book = _after(plan, book, edit)
    switch = new_switch(plan, book, births, uid, question)
    return Batch((*edits, switch), f"let {base.plan.name(uid)} part: {question}")


def package_after(base: Snapshot, births: Births, uid: str, title: str) -> Edit:
    """Return the edit that adds a work package: behind one, or last in a task or route.

    A route without a task gets one that is called as the route is.
    """
    plan, book = base.plan, base.book
    item = plan.item(uid)
    if isinstance(item, WorkPackage):
        task, position = place(plan, uid)
        return Add(_package(births, book, task, title), task, position + 1)
    if isinstance(item, Task):
        return Add(_package(births, book, uid, title), uid, len(item.packages))
    route = plan.route(uid)
    if route.tasks:
        last = route.tasks[-1]
        return Add(_package(births, book, last.uid, title), last.uid, len(last.packages))
    added = new_task(plan, book, births, route.title, uid)
    assert isinstance(added, Add)
    package = WorkPackage(births.new_uid(), 1, title, births.now)
    return Batch((added, Add(package, added.item.uid)), "added", package.uid)


def task_after(base: Snapshot, births: Births, uid: str, title: str) -> Edit:
    """Return the edit that adds a task behind another one, or behind that of a work package."""
    plan = base.plan
    task = plan.index.parents[uid] if isinstance(plan.item(uid), WorkPackage) else uid
    route, position = place(plan, task)
    return new_task(plan, base.book, births, title, route, position + 1)


def moved(plan: Plan, uid: str, step: int) -> Edit | None:
    """Return the edit that moves an item among its siblings, or None at their end."""
    parent, position = place(plan, uid)
    item = plan.item(uid)
    wanted = position + step
    count = len(_siblings(plan, uid, parent))
    return Move(uid, parent, wanted, item.number) if 0 <= wanted < count else None


def setting(plan: Plan, route: str, number: int) -> Edit | None:
    """Return the edit that takes a way of the switch behind a route, or leaves it open again.

    None if there is no such way.
    """
    switch = plan.index.switch_at.get(route)
    if switch is None or not 1 <= number <= len(switch.options):
        return None
    option = switch.options[number - 1]
    if switch.chosen == option.uid:
        return Reopen(switch.uid)
    return Choose(switch.uid, option.uid)


def ticking(base: Snapshot, births: Births, uid: str) -> Edit:
    """Return the edit that finishes a work package, or opens it again."""
    package = base.plan.package(uid)
    status = Status.TODO if package.settled else Status.DONE
    return SetStatus(uid, package.standing.become(status, births.now))


def starting(base: Snapshot, births: Births, uid: str) -> Edit:
    """Return the edit that starts a work package, or puts it back to be done."""
    package = base.plan.package(uid)
    status = Status.TODO if package.status is Status.DOING else Status.DOING
    return SetStatus(uid, package.standing.become(status, births.now))


def on_hold(old: Standing, now: datetime, told: str) -> Standing:
    """Return the standing of a work package that waits for somebody or something."""
    return replace(old.become(Status.WAITING, now), waiting_for=one_line(told))


def next_package(route: Route, ready: Sequence[str]) -> WorkPackage | None:
    """Return what is next on a route: begun, else ready, else open; None if all is settled."""
    left = [package for package in route.packages if not package.settled]
    begun = [package for package in left if package.status is Status.DOING]
    can = [package for package in left if package.uid in set(ready)]
    return next(iter([*begun, *can, *left]), None)


def _package(births: Births, book: RefBook, task: str, title: str) -> WorkPackage:
    return WorkPackage(births.new_uid(), book.next(task), title, births.now)


def _after(plan: Plan, book: RefBook, edit: Edit) -> tuple[Plan, RefBook]:
    changed = edit.change(plan)
    return changed, book.following(plan, changed)


def _in_order(plan: Plan, uid: str) -> list[str]:
    return sorted(plan.index.after[uid], key=lambda each: plan.route(each).number)


def _meeting(plan: Plan, uid: str) -> list[str]:
    """Return where the ways behind a switch meet, if that is one step behind them."""
    behind = [set(plan.index.after[head]) for head in plan.index.after[uid]]
    shared = set.intersection(*behind) if behind else set()
    return sorted(shared, key=lambda each: plan.route(each).number)[:1]


def _siblings(plan: Plan, uid: str, parent: str) -> Sequence[object]:
    match plan.item(uid):
        case Route():
            return plan.routes
        case Task():
            return plan.route(parent).tasks
        case _:
            task = plan.item(parent)
            return task.packages if isinstance(task, Task) else ()
