"""A notation for small plans, so that an example of a structure fits on one line.

Statements are separated by commas; what they name comes to be, its ref is its uid:

    r1 > r2 > r3            edges
    r1 ? r2 | r3 60%        a switch at the end of r1, with an option of 60 %
    r1 > r2 ? r3 | r4       both
    r1, r1.2                a route without tasks, a task without work packages
    r1.1.1, r1.1.2-5        work packages
    r2.1.1 needs r1.1.1     a need
    r1.1.1 = 3 units grade 5 2/4/9 h p1 done
    p1 = 20 h               a person, and their hours a week
    until 2026-03-01        the goal's target date; it was made on the first of January

`100 h` is short for an estimate of 80, 100 and 130 hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.limits import SIZES
from stellwerk.domain.plan import Edge, Option, Plan, Route, Switch
from stellwerk.domain.refs import letters
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage
from stellwerk.testing.clock import FrozenClock
from stellwerk.validation.findings import Validator
from stellwerk.validation.subject import Subject

NOW = FrozenClock().now
_EXAMPLE = re.compile(r"^(Bad|Good) \((\w+)\): (.+)$", re.MULTILINE)
_FACT = re.compile(
    r"(?P<units>\d+) units?|grade (?P<grade>\d+)|(?P<hours>[\d./]+) h|(?P<person>p\d+)"
    r"|(?P<status>done|diverted)"
)


class Example(NamedTuple):
    """An example that stands in a docstring.

    Attributes:
        good: Whether nothing is to be found in it.
        part: What it is an example of.
        text: In the notation.
    """

    good: bool
    part: str
    text: str


def examples(documentation: str | None) -> list[Example]:
    """Return the examples that stand in a docstring."""
    found = _EXAMPLE.findall(documentation or "")
    return [Example(kind == "Good", part, text) for kind, part, text in found]


def plan_of(text: str) -> Plan:
    """Return the plan that a text means."""
    drawing = _Drawing()
    for statement in text.split(","):
        drawing.read(statement.strip())
    return drawing.plan()


@dataclass
class _Drawing:
    """A plan as it is read."""

    goal: Goal = field(default_factory=lambda: Goal("goal", "a-goal", "A goal", NOW))
    held: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    switches: list[Switch] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    def read(self, statement: str) -> None:
        """Take in one statement."""
        if statement.startswith("until "):
            target = date.fromisoformat(statement.removeprefix("until "))
            self.goal = replace(self.goal, target_date=target)
        elif "?" in statement:
            self._switch(*(part.strip() for part in statement.split("?")))
        elif ">" in statement:
            for tail, head in pairwise(part.strip() for part in statement.split(">")):
                self.edges.add(Edge(self._named(tail), self._named(head)))
        elif " needs " in statement:
            package, need = statement.split(" needs ")
            self._named(package)
            self.facts[package].setdefault("needs", []).append(self._named(need))
        else:
            self._item(*(part.strip() for part in statement.partition("=")))

    def plan(self) -> Plan:
        """Return what has been read as a plan."""
        routes = sorted((ref for ref in self.held if ref.count(".") == 0), key=_number)
        return Plan(
            self.goal,
            tuple(self._route(ref) for ref in routes),
            tuple(sorted(self.edges)),
            tuple(self.switches),
            tuple(self.people.values()),
        )

    def _switch(self, tail: str, ways: str) -> None:
        if ">" in tail:
            self.read(tail)
            tail = tail.rpartition(">")[2].strip()
        number, options = len(self.switches) + 1, []
        for at, way in enumerate(ways.split("|"), 1):
            head, _, odds = way.strip().partition(" ")
            self.edges.add(Edge(self._named(tail), self._named(head)))
            uid, chance = (
                f"d{number}.{letters(at)}",
                int(odds.rstrip("%")) / 100 if odds else None,
            )
            options.append(Option(uid, at, f"Way {uid}", head, NOW, probability=chance))
        self.switches.append(
            Switch(f"d{number}", number, tail, "Which way?", NOW, options=tuple(options))
        )

    def _item(self, refs: str, _: str, facts: str) -> None:
        for ref in _several(refs):
            if ref.startswith("p"):
                hours = float(facts.removesuffix(" h")) if facts else None
                name = f"Person {ref}"
                self.people[ref] = Person(ref, _number(ref), name, NOW, capacity_hours=hours)
            else:
                self._named(ref)
                self.facts.setdefault(ref, {}).update(_facts(facts))

    def _named(self, ref: str) -> str:
        holder = ref.rpartition(".")[0]
        if holder:
            held = self.held.setdefault(self._named(holder), [])
            if ref not in held:
                held.append(ref)
        if ref.count(".") == 2:
            self.facts.setdefault(ref, {})
        else:
            self.held.setdefault(ref, [])
        return ref

    def _route(self, ref: str) -> Route:
        tasks = tuple(
            Task(
                *(task, _number(task), f"Task {task}", NOW),
                packages=tuple(
                    self._package(each) for each in sorted(self.held[task], key=_number)
                ),
            )
            for task in sorted(self.held[ref], key=_number)
        )
        return Route(ref, _number(ref), f"Route {ref}", NOW, tasks=tasks)

    def _package(self, ref: str) -> WorkPackage:
        facts = self.facts[ref]
        needs = tuple(sorted(facts.get("needs", ())))
        facts = {name: value for name, value in facts.items() if name != "needs"}
        return WorkPackage(ref, _number(ref), f"Package {ref}", NOW, needs=needs, **facts)


def _several(refs: str) -> Iterator[str]:
    """Yield the refs that `r1.1.2-5` means."""
    first, _, last = refs.partition("-")
    holder, _, number = first.rpartition(".")
    if not last:
        yield refs
    else:
        yield from (f"{holder}.{each}" for each in range(int(number), int(last) + 1))


def _number(ref: str) -> int:
    return int(ref.rpartition(".")[2].lstrip("rp"))


def _facts(text: str) -> dict[str, Any]:
    """Return the fields of a work package that a text tells."""
    fields: dict[str, Any] = {}
    for found in _FACT.finditer(text):
        told = found.groupdict()
        if told["units"]:
            fields["length"] = int(told["units"])
        if told["grade"]:
            fields["grade"] = int(told["grade"])
        if told["hours"]:
            hours = [float(each) for each in told["hours"].split("/")]
            if len(hours) == 1:
                hours = [hours[0] * 0.8, hours[0], hours[0] * 1.3]
            fields["estimate"] = ThreePoint(*hours)
        if told["person"]:
            fields["assignee"] = told["person"]
        if told["status"]:
            fields["standing"] = Standing(Status(told["status"]))
    return fields


def told(validator: Validator, plan: Plan | str, size: str = "") -> list[str]:
    """Return code and ref of what a validator finds in a plan, or in a text of this notation."""
    plan = plan_of(plan) if isinstance(plan, str) else plan
    found = validator(Subject(plan, size=SIZES.get(size)))
    return [f"{each.code} {each.ref}".strip() for each in found]
