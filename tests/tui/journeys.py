"""Plans that the app is driven through."""

from __future__ import annotations

from dataclasses import replace

from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.work import Task, WorkPackage, digest
from tests.railway.plans import NOW

NOTES = tidy(
    "## Summary\n\nTalk to people.\n\n## Definition of Done\n\n- [ ] Twelve talks\n- [x] A list\n"
)


def journey() -> Plan:
    """Return a plan with work, a decision and a merge.

    r1 (two packages) - r2 with the switch d1 - r3 or r4 - r5.
    """
    packages = (
        WorkPackage("k1", 1, "Find twelve people", NOW, digest(NOTES)),
        WorkPackage("k2", 2, "Talk to them", NOW, length=3, needs=("k1",)),
    )
    one = Route(
        "u1", 1, "Learn", NOW, tasks=(Task("t1", 1, "Listen", NOW, packages=packages),)
    )
    build = WorkPackage("k3", 1, "Make the parts", NOW, length=5)
    routes = (
        one,
        Route("u2", 2, "Decide", NOW),
        Route(
            "u3",
            3,
            "Make it",
            NOW,
            kind=RouteKind.BRANCH,
            tasks=(Task("t3", 1, "Build", NOW, packages=(build,)),),
        ),
        Route("u4", 4, "Buy it", NOW, kind=RouteKind.BRANCH),
        Route("u5", 5, "Launch", NOW),
    )
    edges = ("u1 u2", "u2 u3", "u2 u4", "u3 u5", "u4 u5")
    options = (
        Option("o1", 1, "Make", "u3", NOW, "Slower, but ours."),
        Option("o2", 2, "Buy", "u4", NOW, "Quick and dear."),
    )
    switch = Switch("s1", 1, "u2", "Make or buy?", NOW, options=options, recommended="o2")
    people = (Person("p1", 1, "Ada", NOW),)
    return Plan(
        Goal("g1", "kite", "Sell a kite", NOW),
        routes,
        tuple(sorted(Edge(*edge.split()) for edge in edges)),
        (switch,),
        people,
    )


def named(title: str) -> Plan:
    """Return the plan with another title for its first route."""
    plan = journey()
    return replace(plan, routes=(replace(plan.routes[0], title=title), *plan.routes[1:]))
