"""SW506: work that takes up what later work makes.

Bad (order): Test the prototype > Build the prototype
Good (order): Build the prototype > Test the prototype
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from stellwerk.domain.plan import Plan
from stellwerk.domain.text import shortened
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Subject,
    Validator,
)
from stellwerk.validation.lexicon import FILLER
from stellwerk.validation.phases import PHASES
from stellwerk.validation.reach import Reach
from stellwerk.validation.wording import content_words, words

REVERSED: Final = Code(
    *("SW506", Severity.WARNING, "Work stands before the work that it takes up."),
    *(Aspect.COHERENCE, 4.0, Per.PACKAGE),
)
_GAP: Final = 1.0
_STEM: Final = 6
_COMMON: Final = 40
"""Deeds above which a word is no thing, but what the whole plan is about."""


class _Deed(NamedTuple):
    """What a title does to what.

    Attributes:
        uid: Of the work package with that title.
        title: The title.
        phase: How late in the life of a thing that is done to it.
        route: Uid of its route.
        place: Position of the work package in the plan as written.
    """

    uid: str
    title: str
    phase: float
    route: str
    place: int


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each title whose deed comes before one that must precede it."""
    plan = subject.plan
    for late, early, message in reversals(plan):
        ref, other = plan.ref(late), plan.ref(early)
        hint = f"If {ref} takes up what {other} makes, turn them round with `stellwerk move`."
        yield REVERSED.at(ref, message, hint, quote=plan.package(late).title)


def reversals(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield (too early, should precede it, why): uids of work packages and a sentence."""
    deeds = _deeds(plan)
    reach = Reach(plan)
    told: set[str] = set()
    for thing, several in deeds.items():
        for late in several:
            early = next((each for each in several if _reversed(late, each, reach)), None)
            if early and late.uid not in told:
                told.add(late.uid)
                titles = f"“{shortened(late.title, 60)}”", f"“{shortened(early.title, 60)}”"
                what = f"{plan.ref(late.uid)} {titles[0]} stands before {plan.ref(early.uid)}"
                yield late.uid, early.uid, f"{what} {titles[1]}; both are about “{thing}…”."


def _reversed(late: _Deed, early: _Deed, reach: Reach) -> bool:
    """Whether a later deed stands before an earlier one, by the line or on one route."""
    if late.phase - early.phase < _GAP or late.uid == early.uid:
        return False
    if late.route == early.route:
        return late.place < early.place
    return bool(reach.before[early.route] & reach.bit[late.route])


def _deeds(plan: Plan) -> dict[str, list[_Deed]]:
    """Return what is done to each thing, by the beginning of its name."""
    deeds: dict[str, list[_Deed]] = {}
    place = 0
    for route in plan.routes:
        for task in route.tasks:
            for package in task.packages:
                place += 1
                _add(deeds, _Deed(package.uid, package.title, 0.0, route.uid, place))
    return {thing: found for thing, found in deeds.items() if 1 < len(found) <= _COMMON}


def _add(deeds: dict[str, list[_Deed]], deed: _Deed) -> None:
    found = words(deed.title)
    at = next((index for index, word in enumerate(found[:3]) if word in PHASES), None)
    if at is None:
        at = len(found) - 1 if found and found[-1] in PHASES else None
    if at is None:
        return
    rest = " ".join(found[:at] + found[at + 1 :])
    names = [w for w in content_words(rest) if w not in FILLER and w not in PHASES]
    for name in names[:2]:
        thing = name[:_STEM]
        deeds.setdefault(thing, []).append(deed._replace(phase=PHASES[found[at]]))


VALIDATOR: Final = Validator((REVERSED,), check)
