"""SW508: two figures for what can only have one.

Looked at are the budget, the date of the plan's event, and how many people it is for, where
they are stated as such; amounts that are parts of a whole are not.

Bad (figures): The total budget is 3,000 euros. | Transfer the budget of 8,000 euros to the club.
Good (figures): The total budget is 3,000 euros. | Pay 800 euros of the budget to the printer.
Bad (figures): The wedding is on 14 June. | Print “12 July” on the cards for the wedding on 12 July.
Good (figures): The wedding is on 14 June. | Send the cards by 2 May.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.text import shortened
from stellwerk.domain.work import Task
from stellwerk.validation.findings import Aspect, Code, Finding, Severity, Subject, Validator

TWO: Final = Code(
    *("SW508", Severity.WARNING, "The plan gives two figures for what can only have one."),
    *(Aspect.COHERENCE, 0.7),
)
_MONTHS: Final = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|"
    "aug(?:ust)?|sep(?:t|tember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
_SUM: Final = (
    r"(?:€|\$|£|eur|usd|chf)\s?(?P<a>\d[\d.,]*)|(?P<b>\d[\d.,]*)\s?(?:€|\$|£|euros?|eur|dollars?|"
    r"pounds|chf|francs?|franken)"
)
_DAY: Final = (
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<m>{_MONTHS})\b"
    rf"|(?P<n>{_MONTHS})\s+(?P<e>\d{{1,2}})\b(?!\d)"
)
_FEW: Final = r"(?:[^\W\d]+\s+){0,3}?"
_EVENTS: Final = (
    *(
        "wedding",
        "party",
        "opening",
        "race",
        "exam",
        "deadline",
        "launch",
        "conference",
        "fair",
    ),
    *("ceremony", "festival", "concert", "hochzeit", "feier", "eröffnung", "lauf", "prüfung"),
    *("abgabe", "abgabetermin", "messe", "fest", "konzert", "umzug"),
)
_CROWDS: Final = (
    *(
        "guests",
        "participants",
        "attendees",
        "visitors",
        "gäste",
        "teilnehmer",
        "teilnehmende",
    ),
)
_NAMES: Final = ("budget", *_EVENTS, *_CROWDS)
_BUDGET: Final = re.compile(
    r"\b(?:total |overall )?(?:gesamt)?budget(?:\s+(?:is|of|stays|ist|von|beträgt))?[\s:=]+"
    rf"{_FEW}(?:{_SUM})",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    rf"\b(?P<thing>{'|'.join(_EVENTS)})\s+(?:day\s+)?"
    rf"(?:is|takes place|happens|stays|ist|findet|steht)?\s*{_FEW}(?:on|am|for)\s+(?:the\s+)?"
    rf"(?:{_DAY})",
    re.IGNORECASE,
)
_CROWD: Final = re.compile(
    rf"\b(?:for|all|the|für|alle)\s+(?P<c>\d{{1,6}})\s+(?P<who>{'|'.join(_CROWDS)})\b",
    re.IGNORECASE,
)


class _Said(NamedTuple):
    """A figure where it stands first."""

    ref: str
    figure: str
    quote: str


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each figure that is given anew with another value."""
    first: dict[str, _Said] = {}
    told: set[str] = set()
    for ref, text in _texts(subject):
        for thing, figure, quote in _figures(text) if _may_state(text) else ():
            said = first.setdefault(thing, _Said(ref, figure, quote))
            if said.figure != figure and thing not in told:
                told.add(thing)
                here, there = ref or "The goal", said.ref or "the goal"
                message = (
                    f"{here} says “{shortened(quote, 80)}”,"
                    f" but {there} “{shortened(said.quote, 80)}”."
                )
                hint = "Find out which one holds, and write it in both."
                yield TWO.at(ref, message, hint, quote=quote)


def _figures(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (what, its figure, the words) for each statement of one."""
    # White space that is folded cannot be divided in many ways.
    folded = " ".join(text.split())
    spaced = f"{folded.lower()} "
    if "budget" in spaced:
        for found in _BUDGET.finditer(folded):
            told = found["a"] or found["b"]
            yield "budget", re.sub(r"[.,](?:\d{1,2}$|$)|[.,]", "", told), found[0]
    if any(f"{event} " in spaced for event in _EVENTS):
        for found in _DATE.finditer(folded):
            day, month = found["d"] or found["e"], found["m"] or found["n"]
            yield found["thing"].lower(), f"{day} {month[:3].lower()}", found[0]
    if any(f" {crowd}" in spaced for crowd in _CROWDS):
        for found in _CROWD.finditer(folded):
            yield found["who"].lower(), found["c"], found[0]


def _may_state(text: str) -> bool:
    """Whether the name of something that has a figure stands in a text; quick, and no more."""
    lower = text.lower()
    return any(name in lower for name in _NAMES)


def _texts(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield (ref of its item, text) for all in which a figure may stand."""
    plan = subject.plan
    for text in (plan.goal.title, plan.goal.description, plan.goal.prologue):
        yield "", text
    for route in plan.routes:
        yield from _told(plan, route)
        for task in route.tasks:
            yield from _told(plan, task)
            for package in task.packages:
                yield plan.ref(package.uid), package.title
                yield plan.ref(package.uid), subject.notes.get(package.uid, "")


def _told(plan: Plan, item: Route | Task) -> Iterator[tuple[str, str]]:
    for text in (item.title, item.description):
        yield plan.ref(item.uid), text


VALIDATOR: Final = Validator((TWO,), check)
