"""A playbook made of somebody's plan: what was learned stays, who did what when goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from stellwerk.plugins.api import (
    Document,
    Plan,
    Standing,
    Switch,
    Task,
    ThreePoint,
    WorkPackage,
    markdown_text,
    plan_markdown,
)
from stellwerk_playbooks.clauses import german_object, heads, plain
from stellwerk_playbooks.effort import tidy

_GENERATED: Final = re.compile(
    r"<!-- stellwerk generated -->.*?<!-- stellwerk end -->\n*", re.DOTALL
)
_HEAD: Final = re.compile(r"\A\+\+\+\n.*?\n\+\+\+\n+", re.DOTALL)
_MARKER: Final = re.compile(
    r"<!-- stellwerk (?P<ref>\S+) \{(?P<fields>[^>]*)\} -->$", re.MULTILINE
)
_IDENTITY: Final = re.compile(r'(?:^|(?<=, ))(?:uid = "[^"]*"|born = [0-9TZ:.+-]+)(?:, |$)')
_TICKED: Final = re.compile(r"^(\s*[-*+] +)\[[xX]\]", re.MULTILINE)
_LONGER: Final = (0.6, 1.6)
"""P10 and P90 of work that was done once, as shares of what it took."""
_LEAST_TITLE: Final = 8


def playbook_text(document: Document, name: str) -> str:
    """Return a plan as a playbook of that id, to be planned with again."""
    goal = document.plan.goal
    title = goal.title
    notes = {uid: _TICKED.sub(r"\1[ ]", text) for uid, text in document.notes.items()}
    text = plan_markdown(Document(_afresh(document.plan), notes))
    body = _MARKER.sub(_unnamed, _GENERATED.sub("", _HEAD.sub("", text)))
    _, _, below = body.partition("\n")
    if len(title) >= _LEAST_TITLE:
        below = below.replace(markdown_text(title), "{{goal}}")
    front = _front(document.plan, name)
    return f"+++\n{front}+++\n\n# {{{{goal}}}}\n{below}"


def keywords_of(title: str, language: str) -> list[str]:
    """Return the nouns that a title is about: the last words of its verb's object."""
    words = plain(title, language).split()
    if len(words) > 1:
        words = words[:-1] if language == "de" else words[1:]
    phrase = " ".join(words)
    found = heads(german_object(phrase) if language == "de" else phrase, language)
    head = [word for word in (found[0] if found else []) if not word.isdigit()]
    several = (" ".join(head[-count:]) for count in (1, 2) if len(head) >= count)
    return [each for each in several if len(each) > 2]


def _front(plan: Plan, name: str) -> str:
    import tomli_w

    goal = plan.goal
    table: dict[str, Any] = {
        "format": "stellwerk.markdown",
        "version": 2,
        "language": goal.language,
        "unit_hours": goal.unit_hours,
    }
    for field in ("rallying_cry", "prologue"):
        if told := getattr(goal, field).replace(goal.title, "{{goal}}"):
            table[field] = told
    table["playbook"] = {
        "id": name,
        "version": 1,
        "keywords": keywords_of(goal.title, goal.language),
        "examples": [goal.title],
    }
    if len(plan.routes) < 6:
        table["playbook"]["size"] = "small"
    return tomli_w.dumps(table)


def _afresh(plan: Plan) -> Plan:
    """Return a plan as if nobody had begun it, its refs counted from 1 without gaps."""
    unit = plan.goal.unit_hours
    routes = tuple(
        replace(
            route,
            number=number,
            tasks=tuple(_task(task, at, unit) for at, task in enumerate(route.tasks, 1)),
        )
        for number, route in enumerate(plan.routes, 1)
    )
    switches = tuple(_switch(switch, at) for at, switch in enumerate(plan.switches, 1))
    return replace(plan, routes=routes, switches=switches, people=())


def _task(task: Task, number: int, unit_hours: float) -> Task:
    packages = (_package(each, at, unit_hours) for at, each in _counted(task.packages))
    return replace(task, number=number, packages=tuple(packages))


def _package(package: WorkPackage, number: int, unit_hours: float) -> WorkPackage:
    spent = package.standing.spent_hours
    estimate, length = package.estimate, package.length
    if package.status == "done" and spent:
        low, high = _LONGER
        if estimate:
            low, high = estimate.p10 / estimate.p50, estimate.p90 / estimate.p50
        p10, p50, p90 = (tidy(spent * share) for share in (low, 1.0, high))
        estimate = ThreePoint(min(p10, p50), p50, max(p50, p90))
        length = min(max(round(spent / unit_hours), 1), 8)
    return replace(
        package,
        number=number,
        length=length,
        estimate=estimate,
        assignee=None,
        standing=Standing(),
    )


def _switch(switch: Switch, number: int) -> Switch:
    options = tuple(replace(each, number=at) for at, each in _counted(switch.options))
    return replace(switch, number=number, options=options, chosen=None)


def _unnamed(marker: re.Match[str]) -> str:
    """Return a marker without the identity and the birth of its item."""
    fields = _IDENTITY.sub("", marker["fields"]).removesuffix(", ")
    told = f" {{{fields}}}" if fields else ""
    return f"<!-- stellwerk {marker['ref']}{told} -->"


def _counted(items: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(items, 1)
