"""Goals with a verb: it is a lead verb, and the head of its object ends with a keyword.

"Build *a mobile app* for beekeepers" is one for software, "build an app *community*" is not.
"""

from __future__ import annotations

import re
from typing import Final

from stellwerk_playbooks.clauses import (
    Clause,
    as_written,
    clause,
    gerund,
    heads,
    parts,
    plain,
    words_of,
)
from stellwerk_playbooks.fit import Fit, by_keywords
from stellwerk_playbooks.keywords import keywords_in
from stellwerk_playbooks.kinship import with_kin
from stellwerk_playbooks.playbook import Playbook
from stellwerk_playbooks.slots import CHOICE, PHRASE, choices_of, told

_MAKING: Final = frozenset(
    (
        "launch build release ship create develop publish start open found establish "
        "starten veröffentlichen bauen entwickeln launchen herausbringen programmieren gründen "
        "eröffnen aufbauen aufmachen"
    ).split()
)  # fmt: skip
"""Verbs whose object may end with such a noun."""
_ALL: Final = frozenset(
    "everything all it data stuff files over alles daten from to ins umstieg".split()
)
_REACHING: Final = {
    "en": (
        *("reach", "get", "get to", "achieve", "attain", "hit", "bring", "take", "pass"),
        *("raise", "be", "become", "improve", "reach level"),
    ),
    "de": ("erreichen", "bringen", "schaffen", "bestehen", "verbessern", "heben", "kommen"),
}
"""Verbs that go with a choice: whoever reaches B2 learns."""
_TURNED: Final = re.compile(r"turn(?:ing)? .{1,200}? into (.+)", re.IGNORECASE)
_TURNING: Final = frozenset(("write", "build", "open"))
_BETTER: Final = frozenset("better good great best more bessere besserer guter gute".split())
"""Whoever becomes a better teacher is one already."""


def leads_of(playbook: Playbook) -> list[tuple[str, ...]]:
    """Return the lead verbs of each phrase of a playbook, and their kin."""
    return [with_kin(slot.lead) for slot in playbook.slots if slot.kind == PHRASE]


def by_turning(goal: str, playbook: Playbook) -> Fit | None:
    """Return the fit of a goal that makes one thing of another: turn blog posts into a book."""
    told = _TURNED.fullmatch(plain(goal, playbook.language))
    if told is None or not _TURNING & {verb for lead in leads_of(playbook) for verb in lead}:
        return None
    for head in heads(told[1], playbook.language):
        if hits := list(keywords_in(head, playbook.keywords, playbook.language)):
            return by_keywords(hits, "“turn into” and “KEYWORD”", told[1])
    return None


def by_verb(goal: str, playbook: Playbook) -> Fit | None:
    """Return how well verb and object of a goal fit a playbook; None if they do not."""
    language, choices = playbook.language, choices_of(playbook.slots)
    found = [said for each in leads_of(playbook) if (said := clause(goal, each, language))]
    if not playbook.slots and playbook.keywords and (said := _as_in_examples(goal, playbook)):
        found = [said]
    for said in found:
        making = said.verb in _MAKING
        hits = [
            keyword
            for head in _told_heads(said.object, language, choices)
            for keyword in keywords_in(head, playbook.keywords, language, making=making)
        ]
        if hits:
            return by_keywords(hits, f"“{said.verb}” and “KEYWORD”")
    return None


def by_way(goal: str, playbook: Playbook) -> Fit | None:
    """Return the fit of a goal that is said in one of the playbook's other ways."""
    language, choices = playbook.language, choices_of(playbook.slots)
    for way in playbook.also:
        said = clause(goal, way.lead, language)
        hits = [
            keyword
            for head in (_ends_of(said.object, language, choices) if said else ())
            if not (said and said.verb in ("become", "be") and head[0] in _BETTER)
            for keyword in keywords_in(head, way.keywords, language)
        ]
        if said and hits:
            return by_keywords(hits, f"“{said.verb}” and “KEYWORD”", said.object)
    return None


def _ends_of(phrase: str, language: str, choices: frozenset[str]) -> list[list[str]]:
    """Return the heads of an object, and where it comes from: the records *from MongoDB*."""
    _, found, source = phrase.partition(" from ")
    return [*heads(phrase, language, choices), *(heads(source, language) if found else ())]


def by_choice(goal: str, playbook: Playbook) -> Fit | None:
    """Return the fit of a goal that reaches one of the choices: reach B2 in Italian.

    There the keyword may also begin the noun: an *Italian* course at B2.
    """
    language, choices = playbook.language, choices_of(playbook.slots)
    if not any(s.kind == CHOICE and told(goal, s, language) for s in playbook.slots):
        return None
    said = clause(goal, _REACHING[language], language)
    bare = plain(goal, language)
    opened = next(words_of(bare), "") in ("at", "to", "auf", "zu", *choices)
    about = said.object if said else bare if opened else ""
    for head in parts(about, language, choices):
        for stop in range(len(head), 0, -1):
            hits = list(keywords_in(head[:stop], playbook.keywords, language))
            if hits:
                words = as_written(goal, head[:stop])
                return by_keywords(hits, "a choice and “KEYWORD”", words)
    return None


def _told_heads(phrase: str, language: str, choices: frozenset[str]) -> list[list[str]]:
    """Return the heads of an object; of "everything to AWS" those behind its preposition."""
    found = heads(phrase, language, choices)
    if (doing := _doing(phrase)) and language != "de":
        return [[doing], *found] if phrase.split()[1:] else [[doing]]
    if found and set(found[0]) <= _ALL:
        _, _, rest = phrase.partition(" ")
        return heads(rest, language, choices)
    return found


def _doing(phrase: str) -> str:
    """Return what "to swim" or "how to sew for children" is called: swimming, sewing."""
    low = list(words_of(phrase))
    low = low[1:] if low[:1] == ["how"] else low
    return gerund(low[1]) if low[:1] == ["to"] and len(low) > 1 else ""


def _as_in_examples(goal: str, playbook: Playbook) -> Clause | None:
    """Return the clause of a goal that has the verb of an example: slots name no verbs."""
    english = playbook.language != "de"
    verbs = [
        words[0 if english else -1]
        for example in playbook.examples
        if len(words := plain(example, playbook.language).split()) > 1
    ]
    return clause(goal, tuple(dict.fromkeys(verbs)), playbook.language)
