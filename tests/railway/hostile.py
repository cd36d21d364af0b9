"""Plans whose every text tries to be more than text, and pictures of what they should show."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.text import one_line
from stellwerk.railway.renderer import Drawing
from stellwerk.railway.scene import scene_of
from tests.domain.plans import a_goal, a_package, a_route, fork_of
from tests.exchange.hostile import LINES

TITLES: Final = tuple(
    dict.fromkeys(
        filter(
            None,
            map(
                one_line,
                (
                    *LINES,
                    '%%{init: {"theme":"dark"}}%%',
                    '"]; click r1 "javascript:alert(1)"',
                    "`**bold**` _it_ #quot; &amp; &lt;b&gt;",
                    "\ufb02°°35¶ß",
                    *(
                        "end",
                        "r1 --> r2",
                        "1. list",
                        "$$x^2$$",
                        ":::done",
                        "fa:fa-car",
                        "<br/>",
                    ),
                    '\\n x \\" \\N \\G \\',
                    '<img src=x onerror="document.title=1">',
                    "</script><script>document.title='hit'</script>",
                    "<!--<script>",
                    "]]> </style> </svg>",
                    "\u202eevil\u202c \u200f\u05e9\u05dc\u05d5\u05dd",
                    "👩\u200d🚀" * 20,
                    "﷽" * 9,
                    "x" * 500,
                    "W" * 80,
                    "long words " * 45,
                    "e\u0301" * 90,
                    "\ufffe\uffff null",
                ),
            ),
        )
    )
)
"""Titles that are no title at first sight."""

NOTE: Final = """## Summary

Why **and** what: see https://example.org/a?b=1, or [there](http://example.org).

## Steps

1. First
2. Second

## Definition of Done

- [ ] Open
- [x] Ticked

![Picture](https://example.org/p.png)
"""
"""A note of everyday Markdown."""


def titled(title: str) -> Plan:
    """Return a plan of three routes and a switch in which every text is one."""
    plan = fork_of(2, chosen=1)
    routes = (a_route("r", 1, (a_package("p", 1),)), *plan.routes[1:])
    switches = tuple(
        replace(
            switch,
            title=title,
            prompt=title,
            options=tuple(replace(o, label=title, tradeoff=title) for o in switch.options),
        )
        for switch in plan.switches
    )
    goal = replace(plan.goal, title=title, description=title)
    titled = (replace(route, title=title, description=title) for route in routes)
    return replace(plan, goal=goal, routes=tuple(titled), switches=switches)


def line_of(count: int, steps: tuple[int, ...] = (1,), packages: int = 1) -> Plan:
    """Return a plan of routes, each before those so many steps behind it."""
    routes = tuple(
        a_route(
            f"u{at:04}", at, tuple(a_package(f"p{at}-{n}", n + 1) for n in range(packages))
        )
        for at in range(1, count + 1)
    )
    edges = (
        Edge(f"u{at:04}", f"u{at + step:04}")
        for at in range(1, count + 1)
        for step in steps
        if at + step <= count
    )
    return Plan(a_goal(), routes, tuple(sorted(edges)))


def drawing_of(plan: Plan, **notes: str) -> Drawing:
    """Return a plan as renderers take it."""
    return Drawing(scene_of(plan), plan, notes)
