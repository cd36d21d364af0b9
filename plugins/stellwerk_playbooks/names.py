"""Goals that only name a thing: a kitchen renovation, a wedding for 80 guests.

A thing alone does not say what is to be done with it. Something else has to: a noun made of a
lead verb, a choice, a limit, a time for what is practised, or that it is yet to be made.
"""

from __future__ import annotations

import re
from typing import Final

from stellwerk_playbooks.clauses import (
    ARTICLES,
    LIGHT,
    OWNED,
    as_written,
    gerund,
    is_noun_of,
    nouns,
    plain,
    words_of,
)
from stellwerk_playbooks.fit import NONE, Fit, by_keywords
from stellwerk_playbooks.keywords import keywords_in, spelt
from stellwerk_playbooks.playbook import Playbook
from stellwerk_playbooks.slots import CHOICE, HORIZON, LIMIT, choices_of, told
from stellwerk_playbooks.verbs import leads_of

_PRACTISED: Final = frozenset("learn train run write find lernen trainieren laufen".split())
"""Verbs of what is meant to be done if somebody only names it and a time."""
_WRITTEN: Final = frozenset("write schreiben".split())
_MADE: Final = frozenset(
    "run organise organize build open laufen organisieren bauen eröffnen".split()
)
"""Verbs of things that are yet to be: whoever names one for somebody, or somewhere, makes it."""
_OF_ONES_OWN: Final = re.compile(r"\bof (?:my|our) own\b", re.IGNORECASE)
_LONG: Final = 3
"""Words of such a thing."""
_FOR: Final = frozenset("for with that which own für mit".split())
_OTHERWISE: Final = frozenset(
    (
        "sell delete cancel quit leave buy watch find join attend visit rent choose review compare "
        "test debug fix improve maintain stop avoid support promote close design book hire sing "
        "write shop read make bake cook paint cater volunteer photograph speak talk win save raise "
        "play help save survive teach pay update translate draw market collect remember dress"
    ).split()
)
"""Verbs that such a goal does not begin with: it would have one."""


def by_noun(goal: str, playbook: Playbook) -> Fit:
    """Return how well a goal without a verb fits a playbook."""
    language = playbook.language
    named = nouns(goal, language, choices_of(playbook.slots))
    words = [word for word in named if _tells(word)]
    verbs = {verb for lead in leads_of(playbook) for verb in lead}
    known = {word for _, each in spelt(playbook.keywords) for word in each}
    if not words or (words[0].endswith("ing") and words[0] not in known):
        return NONE
    made = _by_verbal_noun(goal, words, verbs, playbook)
    if made or not _is_sure(goal, playbook, verbs):
        return made or NONE
    hits = list(keywords_in(words, playbook.keywords, language))
    if not hits and as_written(goal, words[1:]).istitle():
        words = words[:1]
        hits = list(keywords_in(words, playbook.keywords, language))
    plainly = [hit for hit in hits if len(list(words_of(hit))) == len(words)]
    opened = next(words_of(plain(goal, language)), "") in ARTICLES | OWNED
    if opened or (hits and _is_to_be_made(goal, language, verbs)):
        plainly = hits
    return by_keywords(plainly, "“KEYWORD”", as_written(goal, named)) if plainly else NONE


def _tells(word: str) -> bool:
    bare = not word.endswith(("'s", "’s"))
    return bare and word not in LIGHT and word != "sub" and not word.isdigit()


def _by_verbal_noun(
    goal: str, words: list[str], verbs: set[str], playbook: Playbook
) -> Fit | None:
    """Return the fit of a goal with a noun made of a verb: a renovation, Hochzeitsplanung."""
    if len(words) > 1 and any(is_noun_of(words[-1], verb) for verb in verbs):
        for keyword in keywords_in(words[:-1], playbook.keywords, playbook.language):
            about = as_written(goal, words[:-1])
            return by_keywords([keyword], f"“KEYWORD” and “{words[-1]}”", about)
    if playbook.language == "de" and len(words) == 1:
        hit = _glued(words[0], playbook, verbs)
        return (
            by_keywords([hit], f"“KEYWORD” in “{words[0]}”", hit.capitalize()) if hit else None
        )
    return None


def _is_sure(goal: str, playbook: Playbook, verbs: set[str]) -> bool:
    """Whether a goal that only names a thing says what is to be done with it."""
    language = playbook.language
    kinds = {slot.kind for slot in playbook.slots if told(goal, slot, language)}
    if kinds & {CHOICE, LIMIT} or (HORIZON in kinds and (_PRACTISED | _MADE) & verbs):
        return True
    about = {"on", "about", "über"} & set(words_of(plain(goal, language)))
    return bool(about and _WRITTEN & verbs) or _is_to_be_made(goal, language, verbs)


def _is_to_be_made(goal: str, language: str, verbs: set[str]) -> bool:
    """Whether a goal names what is to be made, and for whom or where: an app for beekeepers."""
    words = list(words_of(_OF_ONES_OWN.sub("own", plain(goal, language))))
    stop = next((at for at, word in enumerate(words) if word in _FOR), len(words))
    named = words[1:] if words[:1] and words[0] in ARTICLES | OWNED else words[:]
    before = named[: stop - (len(words) - len(named))]
    verbless = not (ARTICLES | OWNED) & set(before) and before[:1] and len(before) <= _LONG
    foreign = {*_OTHERWISE, *verbs, *map(gerund, verbs)}
    done = language == "de" and goal.rstrip(" .!?").rpartition(" ")[2][:1].islower()
    return bool(_MADE & verbs and stop < len(words) and verbless) and not (
        done or before[0] in foreign
    )


def _glued(word: str, playbook: Playbook, verbs: set[str]) -> str:
    """Return the keyword that a German noun is made of with one of the verbs."""
    for keyword in playbook.keywords:
        rest = word.removeprefix(keyword)
        if rest != word and len(keyword) > 3:
            for link in ("", "s", "n", "en", "es"):
                behind = rest.removeprefix(link)
                if any(is_noun_of(behind, verb) for verb in verbs):
                    return keyword
    return ""
