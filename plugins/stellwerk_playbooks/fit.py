"""How well a playbook fits a goal, as one number that all rules share."""

from __future__ import annotations

from typing import Final, NamedTuple


class Fit(NamedTuple):
    """How well a playbook fits a goal.

    Attributes:
        score: 0 not at all, 1 as well as an example.
        why: In a few words.
        about: The words of the goal it is about, if none of the lead verbs says so.
    """

    score: float
    why: str
    about: str = ""


NONE: Final = Fit(0.0, "")


def by_keywords(hits: list[str], why: str, about: str = "") -> Fit:
    """Return the fit of a goal with some keywords: the longer one of them is, the better."""
    longest = max(hits, key=lambda each: (len(each.split()), len(each)))
    score = 0.5 + min(len(longest.split()), 4) / 20 + min(len(longest), 40) / 400
    return Fit(score, why.replace("KEYWORD", longest), about)
