"""Which playbook fits a goal, and what its slots are filled with. Lexical, explainable.

A specific playbook fits if the goal has one of its lead verbs and the head of the phrase
that belongs to the verb ends with one of its keywords ("build *a mobile app* for beekeepers",
but not "build an app *community*"), or if the goal is nearly one of its examples. In doubt the general one is taken: a wrong
specific match is worse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stellwerk.plugins.api import shortened
from stellwerk_playbooks.playbook import GENERAL, Playbook, Slot

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TIME: Final = re.compile(
    r"\s+(?:in|within|by|before|until|bis|innerhalb|binnen)\s+"
    r"(?:(?:the|next|den|der|dem|einem|einer|a|an|one|\d)\S*\b.*|[A-Z0-9].*)$"
)
_HEAD_ENDS: Final = frozenset(
    (
        "for about with without of on to at from that which where against under in by within "
        "as using called named and or then und oder der des einer eines meiner meines unserer "
        "unseres für mit ohne von über auf an aus gegen bei zum zur"
    ).split()
)
_ARTICLES: Final = frozenset(("a an ein eine einen einem einer").split())
_OWNED: Final = frozenset(
    (
        "the my our your his her their this der die das den dem mein meine meinen unser unsere"
    ).split()
)
_GENERIC: Final = frozenset(
    (
        "product tool service company business project platform version prototype idea "
        "produkt werkzeug dienst firma unternehmen projekt plattform fassung prototyp idee"
    ).split()
)  # fmt: skip
"""Nouns that say nothing of the kind: a SaaS product is a SaaS."""
_WHEN: Final = frozenset(("bis in innerhalb binnen").split())
_NEAR: Final = 0.8
_LONGEST: Final = 80
"""Characters of a slot's value, so that titles it stands in stay titles."""


@dataclass(frozen=True, slots=True)
class Match:
    """A playbook for a goal, with its slots filled."""

    playbook: Playbook
    values: dict[str, str]


def match(goal: str, language: str, playbooks: tuple[Playbook, ...]) -> Match | None:
    """Return the playbook for a goal in a language; None if not even a general one is there."""
    spoken = [p for p in playbooks if p.language == language]
    scored = [(fit(goal, p), p) for p in spoken if p.id != GENERAL]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    chosen = best[1] if best[0] > 0 else next((p for p in spoken if p.id == GENERAL), None)
    if chosen is None:
        return None
    values = {slot.name: _filled(goal, slot, language) for slot in chosen.slots} | {
        "goal": goal
    }
    return Match(chosen, {name: shortened(told, _LONGEST) for name, told in values.items()})


def fit(goal: str, playbook: Playbook) -> float:
    """Return how well a playbook fits a goal: 0 not at all, 1 as well as an example."""
    near = max((_overlap(goal, example) for example in playbook.examples), default=0.0)
    if near >= _NEAR:
        return near
    phrases = [_phrase(goal, slot, playbook.language) for slot in playbook.slots]
    hits = [
        word for phrase in phrases for word in _keywords_in(_head(phrase), playbook.keywords)
    ]
    return 0.5 + min(len(hits), 4) / 10 if hits else 0.0


def _phrase(goal: str, slot: Slot, language: str) -> str:
    """Return the words of the goal that belong to one of the slot's verbs."""
    for verb in slot.lead:
        found = re.search(rf"(?<!\w){re.escape(verb)}(?!\w)", goal, re.IGNORECASE)
        if not found:
            continue
        after, before = goal[found.end() :].strip(), goal[: found.start()].strip()
        phrase = _object(before) or after if language == "de" else after
        phrase = re.split(r"[,;:!?()]", _TIME.sub("", phrase))[0].strip(" .")
        if phrase:
            return phrase
    return ""


def _object(words_before: str) -> str:
    """Return the object in the German words before a verb, which may say when, or who wants."""
    words = words_before.split()
    if not words or words[0].lower() in _ARTICLES | _OWNED:
        return words_before
    low = [word.lower() for word in words]
    stop = next((at for at, word in enumerate(low) if at and word in _HEAD_ENDS), len(low))
    starts = [at for at, word in enumerate(low[:stop]) if word in _ARTICLES]
    starts = starts[-1:] or [at for at, word in enumerate(low[:stop]) if word in _OWNED]
    if starts:
        return " ".join(words[starts[0] :])
    return "" if low[0] in _WHEN else words_before


def _head(phrase: str) -> list[str]:
    """Return the lower-case words of a phrase before its first preposition."""
    words: list[str] = []
    for word in _WORD.findall(phrase.lower()):
        if word in _HEAD_ENDS and words:
            break
        words.append(word)
    return words


def _keywords_in(head: list[str], keywords: tuple[str, ...]) -> Iterator[str]:
    """Yield the keywords at the end of a head, generic nouns behind them left out."""
    ends = []
    for stop in range(len(head), 0, -1):
        ends.append(f" {' '.join(head[:stop])}")
        if head[stop - 1] not in _GENERIC and not head[stop - 1].isdigit():
            break
    for keyword in keywords:
        words = " ".join(_WORD.findall(keyword.lower()))
        compound = words if len(words) > 4 else f" {words}"
        if any(end.endswith((f" {words}", f" {words}s", compound)) for end in ends):
            yield keyword


def _filled(goal: str, slot: Slot, language: str) -> str:
    """Return what stands in a slot: English with its determiner, German without."""
    phrase = _phrase(goal, slot, language)
    words = phrase.split()
    if not words:
        return slot.default
    first = words[0].lower()
    if language == "de":
        return " ".join(words[1:] if first in _ARTICLES | _OWNED and words[1:] else words)
    if first in _ARTICLES and words[1:]:
        return f"the {' '.join(words[1:])}"
    named = words[0][:1].isupper() or first in _OWNED
    return phrase if named else f"the {phrase}"


def _overlap(one: str, other: str) -> float:
    """Return the share of words two texts have in common (Jaccard)."""
    left, right = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    return len(left & right) / len(left | right) if left | right else 0.0
