"""SW2xx: the line leads from somewhere to one end, and its switches add up."""

from __future__ import annotations

from collections.abc import Iterator

from stellwerk.validation.findings import Finding, Severity, Subject


def check_line(subject: Subject) -> Iterator[Finding]:
    """SW203: the line has more than one end."""
    plan = subject.plan
    ends = [route for route in plan.routes if not plan.index.after[route.uid]]
    if len(ends) > 1:
        names = ", ".join(plan.name(route.uid) for route in ends)
        hint = "Let them merge, or link one to the other with `stellwerk link`."
        yield Finding(
            "SW203", Severity.WARNING, "", f"The line has several ends: {names}.", hint
        )


def check_odds(subject: Subject) -> Iterator[Finding]:
    """SW206: the probabilities of a switch's options sum to more than 1."""
    plan = subject.plan
    for switch in plan.switches:
        total = sum(option.probability or 0.0 for option in switch.options)
        if total > 1.0 + 1e-9:
            message = (
                f"The options of {plan.name(switch.uid)} are {total:.0%} probable together."
            )
            yield Finding("SW206", Severity.WARNING, plan.ref(switch.uid), message)
