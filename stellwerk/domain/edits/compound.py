"""What people ask for, as edits: most wishes take several edits made as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Assign, SetKind
from stellwerk.domain.edits.items import Add, Move, Need, Remove, Unneed, contents
from stellwerk.domain.edits.lines import Connect, Disconnect, Recommend
from stellwerk.domain.edits.surgery import place
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.refs import ROUTES, SWITCHES, RefBook
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.errors import EditError


def linking(plan: Plan, book: RefBook, births: Births, uid: str, on: str) -> Edit:
    """Return the edit by which a route (work package) needs another one first.

    Raises:
        EditError: They are not both routes or both work packages.
    """
    match plan.item(uid), plan.item(on):
        case WorkPackage(), WorkPackage():
            return Need(uid, on)
        case Route() as head, Route():
            switch = plan.index.switch_at.get(on)
            if switch is None:
                return Connect(Edge(on, uid))
            number = book.next(switch.uid)
            option = Option(births.new_uid(), number, head.title, uid, births.now)
            return Connect(Edge(on, uid), option, switch.uid)
    msg = f"{plan.name(uid)} and {plan.name(on)} are of two kinds."
    raise EditError(msg, "Link a route to a route, or a work package to a work package.")


def unlinking(plan: Plan, uid: str, on: str) -> Edit:
    """Return the edit by which a route (work package) no longer needs another one."""
    match plan.item(uid), plan.item(on):
        case WorkPackage(), WorkPackage():
            return Unneed(uid, on)
        case Route(), Route():
            return _disconnect(plan, Edge(on, uid))
    msg = f"{plan.name(uid)} and {plan.name(on)} are of two kinds, so they are not linked."
    raise EditError(msg)


def new_route(
    plan: Plan,
    book: RefBook,
    births: Births,
    title: str,
    *,
    after: Sequence[str],
    before: Sequence[str] = (),
    position: int | None = None,
) -> Edit:
    """Return the edit that adds a route after some routes and before others.

    Edges that led from one of `after` straight to one of `before` are cut: the new
    route is laid between them.
    """
    number = book.next(ROUTES)
    forked = any(uid in plan.index.switch_at for uid in after)
    kind = RouteKind.BRANCH if forked else RouteKind.TRUNK
    route = Route(births.new_uid(), number, title, births.now, kind=kind)
    if position is None:
        position = max((place(plan, uid)[1] + 1 for uid in after), default=len(plan.routes))
    edits: list[Edit] = [Add(route, plan.goal.uid, position)]
    for tail in after:
        edits += _laid_between(plan, book, births, route, tail, before)
    edits += [Connect(Edge(route.uid, head)) for head in before]
    return Batch(tuple(edits), "added", route.uid)


def _laid_between(
    plan: Plan, book: RefBook, births: Births, route: Route, tail: str, before: Sequence[str]
) -> Iterator[Edit]:
    """Yield the edits that lead from a route to a new one instead of to those behind it.

    At a switch the option that led there leads to the new route now; without one the new
    route is an option of its own.
    """
    switch = plan.index.switch_at.get(tail)
    taken = [head for head in before if Edge(tail, head) in plan.edges]
    if switch is None:
        yield from (Disconnect(Edge(tail, head)) for head in taken)
        yield Connect(Edge(tail, route.uid))
    elif taken:
        yield from (_disconnect(plan, Edge(tail, head)) for head in taken[1:])
        yield from _turned(switch, taken[0], route.uid)
    else:
        number = book.next(switch.uid)
        option = Option(births.new_uid(), number, route.title, route.uid, births.now)
        yield Connect(Edge(tail, route.uid), option, switch.uid)


def _turned(switch: Switch, old: str, new: str) -> Iterator[Edit]:
    """Yield the edits by which the option that led to one route leads to another one."""
    option = next(option for option in switch.options if option.head == old)
    yield Disconnect(Edge(switch.route, old), option, switch.uid)
    yield Connect(Edge(switch.route, new), replace(option, head=new), switch.uid)


def new_switch(plan: Plan, book: RefBook, births: Births, route: str, title: str) -> Edit:
    """Return the edit that makes the edges leaving a route the options of a decision.

    Raises:
        EditError: The route has a switch already, or fewer than two outgoing edges.
    """
    heads = plan.index.after[route]
    if route in plan.index.switch_at:
        msg = (
            f"{plan.name(route)} has the switch {plan.name(plan.index.switch_at[route].uid)}."
        )
        raise EditError(msg)
    if len(heads) < 2:
        ways = "one route" if heads else "no route"
        msg = f"{plan.name(route)} leads to {ways}; a decision needs two or more."
        hint = f"Add a route with `stellwerk add route TITLE --after {plan.ref(route)}` first."
        raise EditError(msg, hint)
    options = tuple(
        Option(births.new_uid(), number, plan.route(head).title, head, births.now)
        for number, head in enumerate(sorted(heads, key=lambda h: place(plan, h)[1]), 1)
    )
    number = book.next(SWITCHES)
    switch = Switch(births.new_uid(), number, route, title, births.now, options=options)
    kinds = [
        SetKind(head, RouteKind.BRANCH)
        for head in heads
        if plan.route(head).kind is not RouteKind.BRANCH and len(plan.index.before[head]) == 1
    ]
    return Batch((Add(switch, plan.goal.uid), *kinds), "added", switch.uid)


def moving(plan: Plan, book: RefBook, uid: str, parent: str, position: int) -> Edit:
    """Return the edit that moves an item; it gets a new number in a new holder."""
    item = plan.item(uid)
    if plan.index.parents.get(uid, plan.goal.uid) == parent:
        return Move(uid, parent, position, item.number)
    return Move(uid, parent, position, book.next(parent))


def together(edits: Sequence[Edit]) -> Edit:
    """Return several edits as one, and one as itself."""
    return edits[0] if len(edits) == 1 else Batch(tuple(edits))


def removal(plan: Plan, uid: str, notes: Mapping[str, str]) -> Edit:
    """Return the edit that removes an item with all that names it.

    A removed route's predecessors are joined to its successors, so the line stays whole;
    an option that led to it leads to its only successor.

    Args:
        plan: The plan.
        uid: Route, task, work package, switch, option or person.
        notes: Texts of the notes of every work package that goes, by uid.

    Raises:
        EditError: A switch stands in the way; the hint says what to do.
    """
    name, edits = plan.name(uid), list[Edit]()

    def cut(edit: Edit) -> None:
        nonlocal plan
        edits.append(edit)
        plan = edit.change(plan)

    if isinstance(item := plan.item(uid), Option):
        cut(_disconnect(plan, Edge(plan.switch(plan.index.parents[uid]).route, item.head)))
        return Batch(tuple(edits), f"removed {name}")
    for edit in list(_loosening(plan, uid)):
        cut(edit)
    parent, position = place(plan, uid)
    cut(Remove(plan.item(uid), parent, position, notes))
    return edits[0] if len(edits) == 1 else Batch(tuple(edits), f"removed {name}")


def _loosening(plan: Plan, uid: str) -> Iterator[Edit]:
    """Yield the edits after which nothing names an item or what it holds."""
    item = plan.item(uid)
    if isinstance(item, Route):
        yield from _closing_gap(plan, item)
    if isinstance(item, Person):
        yield from (Assign(p.uid, None) for p in plan.packages if p.assignee == uid)
    going = {part.uid for part in contents(item)}
    for package in plan.packages:
        if package.uid not in going:
            yield from (Unneed(package.uid, on) for on in package.needs if on in going)


def _closing_gap(plan: Plan, route: Route) -> Iterator[Edit]:
    before, after = plan.index.before[route.uid], plan.index.after[route.uid]
    if switch := plan.index.switch_at.get(route.uid):
        msg = f"{plan.name(route.uid)} ends at the switch {plan.name(switch.uid)}."
        raise EditError(
            msg, f"Remove the switch first: `stellwerk remove {plan.ref(switch.uid)}`."
        )
    yield from (Disconnect(Edge(route.uid, head)) for head in after)
    for tail in before:
        behind = [head for head in after if Edge(tail, head) not in plan.edges]
        fork = plan.index.switch_at.get(tail)
        if fork and len(after) == len(behind) == 1:
            yield from _turned(fork, route.uid, behind[0])
        elif fork:
            _refuse_cutting_off(plan, route, tail)
            yield _disconnect(plan, Edge(tail, route.uid))
        else:
            yield Disconnect(Edge(tail, route.uid))
            yield from (Connect(Edge(tail, head)) for head in behind)


def _refuse_cutting_off(plan: Plan, route: Route, tail: str) -> None:
    """Refuse to leave a route behind a switch without anything that leads to it."""
    for head in plan.index.after[route.uid]:
        if set(plan.index.before[head]) == {route.uid}:
            msg = f"Nothing but {plan.name(route.uid)} leads to {plan.name(head)}."
            hint = f"Link it elsewhere first: `stellwerk link {plan.ref(head)} --needs "
            raise EditError(msg, f"{hint}{plan.ref(tail)}`, or remove it.")


def _disconnect(plan: Plan, edge: Edge) -> Edit:
    """Return the edit that lifts an edge; a switch keeps at least two options.

    Raises:
        EditError: The edge is one of the last two options of a switch.
    """
    switch = plan.index.switch_at.get(edge.tail)
    if switch is None:
        return Disconnect(edge)
    option = next((o for o in switch.options if o.head == edge.head), None)
    if option is None:
        return Disconnect(edge)
    name = plan.name(switch.uid)
    if len(switch.options) <= 2:
        msg = f"{plan.name(option.uid)} is one of the last two options of {name}."
        raise EditError(
            msg, f"Remove the switch first: `stellwerk remove {plan.ref(switch.uid)}`."
        )
    if option.uid == switch.chosen:
        msg = f"{plan.name(option.uid)} is the chosen option of {name}."
        hint = f"Reopen the decision first: `stellwerk choose {plan.ref(switch.uid)} --none`."
        raise EditError(msg, hint)
    lifted = Disconnect(edge, option, switch.uid)
    if option.uid == switch.recommended:
        return Batch((Recommend(switch.uid, None), lifted), f"removed {plan.name(option.uid)}")
    return lifted


def new_task(
    plan: Plan, book: RefBook, births: Births, title: str, route: str, at: int | None = None
) -> Edit:
    """Return the edit that adds a task to a route, last or at a position."""
    task = Task(births.new_uid(), book.next(route), title, births.now)
    position = len(plan.route(route).tasks) if at is None else at
    return Add(task, route, position)
