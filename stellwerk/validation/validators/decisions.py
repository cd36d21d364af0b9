"""SW503: a decision that is none.

Sensible people would choose differently, and each option means different work.

Bad (options): Go ahead :: | Go ahead ::
Good (options): Rent a hall :: dry, costs 600 euros | Use the garden :: free, needs good weather
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from stellwerk.domain.plan import Option, Plan, Switch
from stellwerk.validation.findings import Aspect, Code, Finding, Severity, Subject, Validator
from stellwerk.validation.wording import plain, says_nothing, words

NONE: Final = Code(
    *("SW503", Severity.WARNING, "The options of a decision are the same, or mean no work."),
    *(Aspect.STRUCTURE, 0.8),
)
_PRETENDED: Final = frozenset(
    "yes no maybe continue stop proceed abort go wait ja nein weiter vielleicht abbrechen".split()
)
_MOST: Final = 20
"""Options that are compared with each other."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each decision between things that are no alternatives."""
    plan = subject.plan
    for switch in plan.switches:
        if reason := _reason(plan, switch):
            ref = plan.ref(switch.uid)
            hint = (
                "Give each option its trade-off and work of its own, or remove the decision."
            )
            message = f"{plan.name(switch.uid)} decides nothing: {reason}."
            yield NONE.at(ref, message, hint, quote=switch.title)


def _reason(plan: Plan, switch: Switch) -> str:
    works = {option.uid: _work(plan, option.head) for option in switch.options}
    for one, other in combinations(switch.options[:_MOST], 2):
        if same := _same(one, other, works):
            return same
    if not any(works.values()):
        return "no option has any work"
    if all(_PRETENDED.intersection(words(option.label)) for option in switch.options):
        return "its options only say yes or no"
    if all(says_nothing(f"{option.label} {option.tradeoff}") for option in switch.options):
        return "no option says what it is about"
    if not any(option.tradeoff for option in switch.options):
        return "no option says what it gains or costs"
    return ""


def _same(one: Option, other: Option, works: Mapping[str, tuple[str, ...]]) -> str:
    if plain(one.label) == plain(other.label):
        return f"two options are called “{one.label}”"
    if one.tradeoff and plain(one.tradeoff) == plain(other.tradeoff):
        return f"“{one.label}” and “{other.label}” have the same trade-off"
    if works[one.uid] and works[one.uid] == works[other.uid]:
        return f"“{one.label}” and “{other.label}” mean the same work"
    return ""


def _work(plan: Plan, route: str) -> tuple[str, ...]:
    return tuple(sorted(plain(package.title) for package in plan.route(route).packages))


VALIDATOR: Final = Validator((NONE,), check)
