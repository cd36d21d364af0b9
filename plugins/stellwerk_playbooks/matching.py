"""Which playbook fits a goal, and why. Lexical, explainable.

Each rule lives in a file of its own: nearness to an example (`nearness`), a verb with its
object (`verbs`), a thing that is only named (`names`), small things (`errands`). In doubt the
general playbook is taken: a wrong specific match is worse.
"""

from __future__ import annotations

from dataclasses import dataclass

from stellwerk_playbooks.errands import is_errand
from stellwerk_playbooks.fit import Fit
from stellwerk_playbooks.names import by_noun
from stellwerk_playbooks.nearness import near
from stellwerk_playbooks.playbook import GENERAL, SMALL, Playbook
from stellwerk_playbooks.slots import values_of
from stellwerk_playbooks.verbs import by_choice, by_turning, by_verb, by_way


@dataclass(frozen=True, slots=True)
class Match:
    """A playbook for a goal, with its slots filled.

    Attributes:
        playbook: The one that is taken.
        values: What stands in its slots, and `goal`.
        why: Why it is taken, in a few words.
    """

    playbook: Playbook
    values: dict[str, str]
    why: str


def match(
    goal: str, language: str, playbooks: tuple[Playbook, ...], size: str = "auto"
) -> Match | None:
    """Return the playbook for a goal in a language; None if not even a general one is there.

    Args:
        goal: The goal in one line.
        language: `en` or `de`.
        playbooks: The shelf.
        size: `small` takes small ones, `standard` and `detailed` never do.
    """
    spoken = [p for p in playbooks if p.language == language]
    small = [p for p in spoken if p.size == SMALL]
    large = [p for p in spoken if p.size != SMALL]
    taken: tuple[Playbook, Fit] | None = None
    if size == SMALL:
        taken = _best(goal, small) or _named(small, SMALL, "a small plan is wanted")
    elif size == "auto":
        taken = _best(goal, spoken)
        if taken is None and (errand := _errand(goal, small, language)):
            taken = _named(small, SMALL, errand)
    taken = taken or _best(goal, large) or _named(large, GENERAL, "none fits better")
    if taken is None:
        return None
    playbook, found = taken
    values = values_of(goal, playbook.slots, language, found.about)
    return Match(playbook, values, found.why)


def fit(goal: str, playbook: Playbook) -> Fit:
    """Return how well a playbook fits a goal, and why."""
    by_words = (
        by_verb(goal, playbook)
        or by_way(goal, playbook)
        or by_turning(goal, playbook)
        or by_choice(goal, playbook)
        or by_noun(goal, playbook)
    )
    share, example = near(goal, playbook.examples, playbook.language)
    if share:
        return Fit(0.9 + share / 10, f"it is nearly “{example}”", by_words.about)
    return by_words


def _best(goal: str, playbooks: list[Playbook]) -> tuple[Playbook, Fit] | None:
    """Return the specific playbook that fits best; None if none does, or two equally well."""
    fits = [(fit(goal, p), p) for p in playbooks if p.id not in (GENERAL, SMALL)]
    best = max(((found.score, p.own) for found, p in fits), default=(0.0, False))
    first = [(p, found) for found, p in fits if (found.score, p.own) == best]
    return first[0] if best[0] and len(first) == 1 else None


def _errand(goal: str, small: list[Playbook], language: str) -> str:
    """Return why a goal is an errand, or nothing."""
    if is_errand(goal, language):
        return "it is an errand"
    return next(
        (found.why for p in small if p.id == SMALL and (found := fit(goal, p)).score), ""
    )


def _named(playbooks: list[Playbook], name: str, why: str) -> tuple[Playbook, Fit] | None:
    return next(((p, Fit(0.0, why)) for p in playbooks if p.id == name), None)
