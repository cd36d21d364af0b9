"""Dependencies: what is implied goes, what is missing comes, what is reversed is turned.

Redundant edges and needs go by transitive reduction (Aho, Garey and Ullman 1972), which the
validators do: their fixes are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.items import Move
from stellwerk.domain.edits.lines import Connect
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.work import Status, WorkPackage
from stellwerk.validation.refining import Material, Proposal, Refiner
from stellwerk.validation.validators.order import reversals

NAME: Final = "dependencies"
_ACROSS: Final = "SW210"
_REVERSED: Final = "SW506"


async def propose(material: Material) -> Sequence[Proposal]:
    """Return the fixes of findings about edges and needs, missing edges, and turned work."""
    fixes = [
        Proposal(NAME, finding.fix, finding.message)
        for finding in material.findings
        if finding.fix is not None
    ]
    return [*fixes, *_missing(material), *_turned(material)]


def _missing(material: Material) -> Iterator[Proposal]:
    """Yield the edge that is missing where work needs work of a route beside its own."""
    plan, told = material.subject.plan, set[Edge]()
    for finding in material.findings:
        uid = material.uid(finding, "needs")
        if finding.code != _ACROSS or uid is None:
            continue
        package = plan.index.items.get(uid)
        for on in package.needs if isinstance(package, WorkPackage) else ():
            edge = Edge(plan.route_of(on).uid, plan.route_of(uid).uid)
            if edge not in told and _may_lead(plan, edge):
                told.add(edge)
                yield Proposal(NAME, Connect(edge), finding.message)


def _may_lead(plan: Plan, edge: Edge) -> bool:
    """Whether an edge can be laid: not from a switch, not there yet, not against the line."""
    if edge.tail == edge.head or edge in plan.edges or edge.tail in plan.index.switch_at:
        return False
    ahead, reached = [edge.head], set[str]()
    while ahead:
        uid = ahead.pop()
        if uid == edge.tail:
            return False
        if uid not in reached:
            reached.add(uid)
            ahead += plan.index.after[uid]
    return edge.tail not in _before(plan, edge.head)


def _before(plan: Plan, route: str) -> set[str]:
    ahead, reached = [route], set[str]()
    while ahead:
        for uid in plan.index.before[ahead.pop()]:
            if uid not in reached:
                reached.add(uid)
                ahead.append(uid)
    return reached


def _turned(material: Material) -> Iterator[Proposal]:
    """Yield the moves by which work stands behind the work that it takes up."""
    plan = material.subject.plan
    told = {each.ref for each in material.findings if each.code == _REVERSED}
    for late, early, reason in reversals(plan) if told else ():
        if plan.ref(late) not in told or not material.open(late, "place"):
            continue
        if (edit := _behind(plan, late, early)) is not None:
            yield Proposal(NAME, edit, reason)


def _behind(plan: Plan, late: str, early: str) -> Edit | None:
    """Return the move of a work package right behind another one of its own task."""
    if plan.index.parents[late] != plan.index.parents[early]:
        return None
    task = plan.index.parents[late]
    packages = [each.uid for each in _packages(plan, task)]
    first = plan.package(late)
    if first.status is not Status.TODO or late in plan.package(early).needs:
        return None
    position = packages.index(early)
    return Move(late, task, position, first.number)


def _packages(plan: Plan, task: str) -> tuple[WorkPackage, ...]:
    route: Route = plan.route_of(task)
    return next(each.packages for each in route.tasks if each.uid == task)


REFINER: Final = Refiner(NAME, propose)
