"""SW200 and SW205: broken hard invariants, and edges that say nothing new.

An edge is redundant if other edges imply it, whatever is decided: it is no option, and the
longer way passes no switch (the transitive reduction of what no switch can close).

Bad (line): r1 > r2 > r3, r1 > r3
Good (line): r1 > r2 > r3
Good (line): r1 ? r2 | r3, r2 > r3
Good (line): r1 > r2, r1 > r5, r2 ? r3 | r4, r3 > r5, r4 > r5
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stellwerk.domain.edits.lines import Disconnect
from stellwerk.domain.plan import Edge, Plan
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Validator,
)
from stellwerk.validation.reach import Reach
from stellwerk.validation.subject import Subject

BROKEN: Final = Code(
    *("SW200", Severity.ERROR, "The plan breaks a rule that no plan can break."),
    *(Aspect.STRUCTURE, 1.0, Per.PLAN),
)
REDUNDANT: Final = Code(
    *("SW205", Severity.INFO, "An edge says what other edges imply."),
    *(Aspect.STRUCTURE, 0.3, Per.ROUTE),
)


def broken(rules: Sequence[str]) -> tuple[Finding, ...]:
    """Return a finding for each broken rule of what could not become a plan.

    Args:
        rules: The sentences of a `PlanError` (its `rules`).
    """
    hint = "No plan can be made of it before that is mended where it was written."
    return tuple(BROKEN.at("", rule, hint) for rule in rules)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each redundant edge."""
    plan, index = subject.plan, subject.plan.index
    reach = Reach(plan)
    for tail in reach.order:
        heads = () if tail in index.switch_at else index.after[tail]
        if len(heads) < 2:
            continue
        farther = 0
        for head in heads:
            farther |= reach.open_behind[head]
        for head in heads:
            if farther & reach.bit[head]:
                ways = (each for each in heads if reach.open_behind[each] & reach.bit[head])
                yield _redundant(plan, Edge(tail, head), next(ways))


def _redundant(plan: Plan, edge: Edge, way: str) -> Finding:
    head, tail = plan.route(edge.head), plan.ref(edge.tail)
    ref = plan.ref(head.uid)
    message = (
        f"{plan.name(head.uid)} comes after {plan.name(edge.tail)} by way of {plan.ref(way)}"
        " already."
    )
    hint = f"`stellwerk unlink {ref} --needs {tail}` loses nothing."
    return REDUNDANT.at(ref, message, hint, quote=head.title, fix=Disconnect(edge))


VALIDATOR: Final = Validator((BROKEN, REDUNDANT), check)
