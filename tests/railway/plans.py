"""Plans to draw: seeded ones as real plans look, and any graph at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Final

from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Edge, Option, Plan, Route, Switch

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
Pairs = list[tuple[int, int]]


def plan_of(count: int, pairs: Sequence[tuple[int, int]], titles: Sequence[str] = ()) -> Plan:
    """Return a plan of routes `u0`, `u1`, ... with edges between them."""
    names = [titles[n % len(titles)] if titles else f"Title {n + 1}" for n in range(count)]
    routes = tuple(Route(f"u{n}", n + 1, names[n], NOW) for n in range(count))
    edges = sorted(Edge(f"u{tail}", f"u{head}") for tail, head in pairs)
    return Plan(Goal("g", "g", "Goal", NOW), routes, tuple(edges))


def switched(plan: Plan, seed: int) -> Plan:
    """Return a plan with switches where it forks, some of them set."""
    random = Random(seed)
    switches = []
    for route in plan.routes:
        heads = plan.index.after[route.uid]
        if len(heads) < 2 or random.random() < 0.3:
            continue
        options = tuple(
            Option(f"{route.uid}{head}", at, f"Way {at}", head, NOW)
            for at, head in enumerate(heads, 1)
        )
        chosen = random.choice([None, None, *(option.uid for option in options)])
        number = len(switches) + 1
        switch = Switch(f"s{number}", number, route.uid, "Which way?", NOW, options=options)
        switches.append(replace(switch, chosen=chosen))
    return replace(plan, switches=tuple(switches))


def any_graph(seed: int, most: int = 14) -> tuple[int, Pairs]:
    """Return an acyclic graph of any shape."""
    random = Random(seed)
    count, odds = random.randint(1, most), random.choice((0.05, 0.1, 0.25, 0.5))
    pairs = [
        (a, b) for a in range(count) for b in range(a + 1, count) if random.random() < odds
    ]
    return count, pairs


def railway_graph(size: int, seed: int) -> tuple[int, Pairs]:
    """Return a graph as plans have: chains, forks that meet again, and a few tracks between."""
    random = Random(seed)
    pairs: Pairs = []
    count = 0

    def station(*before: int) -> int:
        nonlocal count
        pairs.extend((each, count) for each in before)
        count += 1
        return count - 1

    last = station()
    while count < size:
        if random.random() < 0.5 and size - count >= 4:
            ends = []
            for _ in range(random.randint(2, 3)):
                end = station(last)
                for _ in range(random.randint(0, 2)):
                    end = station(end)
                ends.append(end)
            last = station(*ends)
        else:
            last = station(last)
    for _ in range(size // 12):
        tail, head = sorted(random.sample(range(count), 2))
        if (tail, head) not in pairs:
            pairs.append((tail, head))
    return count, pairs
