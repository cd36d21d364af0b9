"""Slots: blanks of a playbook that are filled from the words of a goal.

`phrase` is the object of one of its lead verbs, `choice` one of its words, `horizon` a
stretch of time, `limit` a number with what it counts. What the goal does not say is the
default, and the default's form decides the form of what the goal does say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from stellwerk.plugins.api import (
    number_pattern,
    one_line,
    shortened,
    span_pattern,
    weeks_of,
)
from stellwerk_playbooks.clauses import ARTICLES, OWNED, clause, cut, gerund
from stellwerk_playbooks.kinship import with_kin

PHRASE: Final = "phrase"
CHOICE: Final = "choice"
HORIZON: Final = "horizon"
LIMIT: Final = "limit"
KINDS: Final = (PHRASE, CHOICE, HORIZON, LIMIT)
LONGEST: Final = 80
"""Characters of a slot's value, so that titles it stands in stay titles."""
_STOPS: Final = {
    "en": (
        "in at to by within from into onto under below before after on with without while using "
        "as until despite because so during through near and or per since i we dressed"
    ),
    "de": (
        "in im ins an am auf bis mit ohne zu zum zur nach unter ab aus bei beim binnen innerhalb "
        "vor als von vom durch um während wegen trotz seit und oder damit"
    ),
}
_KEPT: Final = {"en": "for of about that which called named", "de": "für über der des namens"}
_OPENERS: Final = {
    "en": frozenset("to into onto from for in on out of up down off".split()),
    "de": frozenset("in ins im nach auf zu zum zur von vom aus für an beim".split()),
}
_POSTS: Final = frozenset(
    (
        "job work position career careers jobs employment apprenticeship traineeship internship "
        "placement stelle arbeit anstellung karriere"
    ).split()
)
_WHOLE: Final = frozenset("about that which über".split())
"""Words after which everything belongs to the thing: a memoir about growing up on a barge."""
_GERMAN_LANGUAGE: Final = re.compile(r"[A-ZÄÖÜ]\w+isch")
_ROUGHLY: Final = frozenset(
    "up about around under less at roughly some etwa rund bis ca höchstens maximal".split()
)
_NO_NOUNS: Final = frozenset(
    (
        "fit fitter shape healthy healthier strong stronger better everything all it abroad "
        "form gesund fitter stark alles"
    ).split()
)
_BARE_DOING: Final = frozenset(
    "play speak master use practise practice spielen sprechen".split()
)
_MASS: Final = re.compile(
    r"(?:(?!wedd|build|even|meet|th|str|k|r)\w{2,}ing|\w+(?:ics|graphy|ology|istry|ism)|yoga|pilates|chess|karate|judo|pottery|"
    r"carpentry|music|tennis|golf|tai|code|origami|jazz|ballet|maths?|sql|html|ai|3d)",
    re.IGNORECASE,
)
"""Nouns that stand without an article: swimming, photography, chess."""
_LANGUAGES: Final = frozenset(
    (
        "spanish french german italian portuguese english dutch swedish norwegian danish finnish "
        "polish czech slovak hungarian romanian bulgarian russian ukrainian turkish greek arabic "
        "hebrew persian farsi hindi urdu bengali tamil japanese korean chinese mandarin cantonese "
        "vietnamese thai indonesian malay croatian serbian slovenian latvian lithuanian estonian "
        "icelandic irish welsh catalan basque latin esperanto swahili tagalog afrikaans albanian"
    ).split()
)
_PEOPLE: Final = (
    r"guests?|people|persons?|attendees?|participants?|visitors?|friends?|colleagues?|children|"
    r"kids|neighbou?rs?|members?|employees|families|delegates|students|"
    r"relatives|runners|players|pupils|volunteers|women|men|customers|clients|verwandten?|"
    r"gästen?|personen|person|leuten?|teilnehmer\w*|besucher\w*|freunden?|kollegen|kindern?|"
    r"menschen|nachbarn?|mitgliedern?|mitarbeiter\w*|familien|zuschauer\w*"
)
_MONEY: Final = r"euros?|eur|€|\$|£|dollars?|pounds?|usd|gbp|francs?|franken|chf|k"
_CLOCK: Final = (
    r"hours?|hrs?|h|minutes?|mins?|min|seconds?|secs?|stunden?|std|minuten?|sekunden?"
)
_CLASSES: Final = {"people": _PEOPLE, "money": _MONEY, "clock": _CLOCK}
_UNDER: Final = {
    "en": (
        r"under|below|at\s+most|less\s+than|fewer\s+than|no\s+more\s+than|not\s+more\s+than|"
        r"up\s+to|for|with|around|about|roughly|faster\s+than|within|in|sub"
    ),
    "de": (
        r"unter|höchstens|maximal|max\.?|weniger\s+als|nicht\s+mehr\s+als|bis\s+zu|für|mit|rund|"
        r"etwa|circa|ca\.?|schneller\s+als|in"
    ),
}
_DATIVE: Final = (
    ("Gästen", "Gäste"), ("Leuten", "Leute"), ("Freunden", "Freunde"), ("Kindern", "Kinder"),
    ("Teilnehmern", "Teilnehmer"), ("Besuchern", "Besucher"), ("Mitgliedern", "Mitglieder"),
    ("Mitarbeitern", "Mitarbeiter"), ("Zuschauern", "Zuschauer"), ("Monaten", "Monate"),
    ("Jahren", "Jahre"), ("Tagen", "Tage"), ("einem halben Jahr", "ein halbes Jahr"),
    ("einem Jahr", "ein Jahr"), ("einem Monat", "einen Monat"), ("einer Woche", "eine Woche"),
)  # fmt: skip


_MOVING: Final = re.compile(r"(?i)\b(?:move|moving|relocat)")
_KIN: Final = frozenset(
    "family household parents mother father mum mom dad grandmother grandfather us everyone"
    " children kids wife husband partner".split()
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A blank that is filled from the goal's words.

    Attributes:
        name: As in `{{name}}`.
        default: What stands there if the goal does not say.
        kind: One of `KINDS`.
        lead: Verbs that the wanted phrase follows (German: stands before).
        choices: The words of a choice.
        article: Whether a phrase gets an article; None takes it from the default.
    """

    name: str
    default: str
    kind: str = PHRASE
    lead: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    article: bool | None = None


def values_of(
    goal: str, slots: Iterable[Slot], language: str, about: str = ""
) -> dict[str, str]:
    """Return what stands in each slot, and the goal's own words as `goal`.

    Args:
        goal: The goal in one line.
        slots: What is to be filled.
        language: `en` or `de`.
        about: The words for a phrase if the goal has none of its verbs.
    """
    told_ones = {
        slot.name: told(goal, slot, language, about) or slot.default for slot in slots
    }
    values = told_ones | {"goal": goal}
    return {name: shortened(one_line(value), LONGEST) for name, value in values.items()}


def told(goal: str, slot: Slot, language: str, about: str = "") -> str:
    """Return what a goal says for a slot, or nothing; `about` as in `values_of`."""
    if slot.kind == CHOICE:
        return _choice(goal, slot)
    if slot.kind == HORIZON:
        return _as_default(_horizon(goal, language), slot.default, language)
    if slot.kind == LIMIT:
        return _as_default(_limit(goal, slot.default, language), slot.default, language)
    return _phrase(goal, slot, language, about)


def choices_of(slots: Iterable[Slot]) -> frozenset[str]:
    """Return the words of all choices, lower-case."""
    return frozenset(choice.lower() for slot in slots for choice in slot.choices)


def weeks_in(value: str, language: str) -> float | None:
    """Return the weeks in the value of a horizon, or None if it is no stretch of time."""
    found = _span(language).search(value)
    return weeks_of(found[0], language) if found else None


def _choice(goal: str, slot: Slot) -> str:
    """Return the choice that is aimed at: "from A2 to B1" aims at B1."""
    known = {choice.lower(): choice for choice in slot.choices}
    found = []
    for match in _alternatives(slot.choices).finditer(goal):
        before = goal[: match.start()].rstrip().rpartition(" ")[2].lower()
        found.append(
            (before in ("to", "auf", "bis", "zu", "reach", "level"), match[0].lower())
        )
    aimed = [choice for sure, choice in found if sure] or [choice for _, choice in found]
    return known[aimed[-1]] if aimed else ""


@lru_cache(maxsize=64)
def _alternatives(choices: tuple[str, ...]) -> re.Pattern[str]:
    several = "|".join(re.escape(choice) for choice in sorted(choices, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{several or '(?!)'})(?!\w)", re.IGNORECASE)


def _horizon(goal: str, language: str) -> str:
    found = _within(language).search(goal)
    return " ".join(found["span"].split()) if found else ""


@cache
def _span(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){span_pattern(language)}", re.IGNORECASE)


@cache
def _within(language: str) -> re.Pattern[str]:
    span = span_pattern(language)
    if language == "de":
        opening = r"(?:in|innerhalb|binnen|für|über|während)\s+"
        opening += (
            r"(?:den\s+nächsten|von|etwa|ca\.?|rund|nur|weniger\s+als|unter|höchstens)?\s*"
        )
        pattern = rf"(?<!\w)(?:{opening}(?P<span>{span}))"
    else:
        opening = (
            r"(?:in|within|for|over|inside|during)\s+(?:the\s+(?:next|course\s+of)|about|"
        )
        opening += r"around|just|only|under|less\s+than|at\s+most|roughly)?\s*"
        pattern = rf"(?<!\w){opening}(?P<span>{span})"
    return re.compile(pattern, re.IGNORECASE)


def _limit(goal: str, default: str, language: str) -> str:
    """Return a number and what it counts, if that is of the kind that the default counts."""
    for found in _numbers(language).finditer(goal):
        if found["value"] and _span(language).match(goal, found.start("value")):
            continue
        if value := _limited(goal, found, default, language):
            return value
    return ""


def _limited(goal: str, found: re.Match[str], default: str, language: str) -> str:
    """Return a number as a limit, or nothing if it counts something else."""
    wanted, noun = _class_of(default), default.rpartition(" ")[2]
    if not found["value"]:
        return f"{found['joined']} {noun}" if wanted == "people" else ""
    value, kind = _counted(goal, found, language)
    opener = found["under"].lower()
    timed = ":" in value or kind == "clock"
    if opener in ("in", "within") and not timed:
        return ""
    if kind:
        fits = kind == wanted or (wanted is None and kind in ("clock", "money"))
        return value if fits else ""
    if wanted == "people":
        alone = not re.match(r"\s*[\w€$£%]", goal[found.end() :])
        return f"{value} {noun}" if alone else ""
    if wanted is None and timed:
        return value
    return f"{value} hours" if wanted is None and opener == "sub" else ""


def _counted(goal: str, found: re.Match[str], language: str) -> tuple[str, str | None]:
    """Return a number with the noun behind it, and what kind of noun that is."""
    value = found["value"].strip()
    if value[0] in "€$£":
        return value, "money"
    behind = goal[found.end("value") :]
    for words in range(3):
        skipped = rf"(?:[\s-]+[^\W\d]+){{{words}}}"
        for kind, nouns in _CLASSES.items():
            noun = re.match(rf"({skipped}[\s-]*(?:{nouns}))(?!\w)", behind, re.IGNORECASE)
            if noun and not _crosses(noun[1], language):
                text = f"{value}{noun[1]}"
                return " ".join((text if words else text.replace("-", " ")).split()), kind
    return value, None


def _crosses(text: str, language: str) -> bool:
    """Whether some words go beyond a number's own noun."""
    stops = {*_STOPS[_spoken(language)].split(), *_KEPT[_spoken(language)].split()}
    return bool(stops & set(text.lower().split()))


@cache
def _numbers(language: str) -> re.Pattern[str]:
    number = (
        rf"(?:[€$£]\s?)?(?:\d{{1,2}}:\d\d(?::\d\d)?|\d+h(?:\d\d)?|{number_pattern(language)})"
    )
    about = r"(?:about\s+|around\s+|up\s+to\s+|under\s+|less\s+than\s+|at\s+most\s+|some\s+)?"
    if language == "de":
        about = r"(?:etwa\s+|rund\s+|ca\.?\s+|bis\s+zu\s+|unter\s+|höchstens\s+|maximal\s+)?"
    under = rf"(?<!\w)(?P<under>{_UNDER[_spoken(language)]})[\s-]+{about}(?P<value>{number})"
    counted = r"guest|person|people|strong" if language != "de" else r"köpfig\w*|personen"
    joined = rf"(?<![\w.,])(?P<joined>\d+)-?(?:{counted})(?!\w)"
    return re.compile(f"{under}|{joined}", re.IGNORECASE)


def _class_of(text: str) -> str | None:
    for kind, nouns in _CLASSES.items():
        if re.search(rf"(?<!\w)(?:{nouns})(?!\w)", text, re.IGNORECASE):
            return kind
    return None


def _as_default(value: str, default: str, language: str) -> str:
    """Return a German value in the case that its default stands in."""
    if language != "de" or any(dative in default for dative, _ in _DATIVE):
        return value
    for dative, plain_form in _DATIVE:
        value = re.sub(rf"(?<!\w){dative}(?!\w)", plain_form, value)
    return value


def _phrase(goal: str, slot: Slot, language: str, about: str) -> str:
    """Return the object of a lead verb as it stands in a sentence, or nothing."""
    said = None if about else clause(goal, with_kin(slot.lead), language)
    spoken = _spoken(language)
    words = cut(said.object if said else about).split()
    if said is None and spoken == "en" and words and _opens(goal, words):
        words[0] = words[0].lower()
    words, done = _noun_phrase(_named(_moved_to(goal, words)), spoken)
    bare = _is_bare(slot, spoken)
    words = _up_to_stop(words, spoken, bare=bare and spoken == "en")
    if not words or words[0].lower().strip(".,") in _NO_NOUNS:
        return ""
    return _german(words) if spoken == "de" else _english(words, bare=bare, done=done)


def _opens(goal: str, words: list[str]) -> bool:
    """Whether words open a goal, so that the first one is no name for being capitalised."""
    name = len(words) > 1 and words[1][:1].isupper()
    return goal.startswith(words[0].capitalize()) and not name


def _moved_to(goal: str, words: list[str]) -> list[str]:
    """Return where people are moved: "our family from a flat into *a house*"."""
    low = [word.lower() for word in words]
    to = [at for at, word in enumerate(low) if word in ("into", "to")]
    if not (to and words[to[-1] + 1 :] and _MOVING.search(goal)):
        return words
    return words[to[-1] + 1 :] if _KIN & set(low[: min(to[0], 3)]) else words


def _named(words: list[str]) -> list[str]:
    """Return what a post is called: "a job as *a nurse*", "careers from teaching to *law*"."""
    low = [word.lower() for word in words]
    posts = [at for at, word in enumerate(low[:4]) if word in _POSTS]
    for opener in ("as", "als", "to") if posts else ():
        if opener in low[posts[-1] + 1 :] and words[low.index(opener) + 1 :]:
            return words[low.index(opener) + 1 :]
    return words


def _is_bare(slot: Slot, spoken: str) -> bool:
    """Whether values stand without an article, as the default does."""
    if slot.article is not None:
        return not slot.article
    first = slot.default.split()[:1]
    return spoken == "en" and not (first and first[0].lower() in ARTICLES | OWNED)


def _noun_phrase(words: list[str], spoken: str) -> tuple[list[str], bool]:
    """Return the words of a noun phrase, and whether they stood for something to do."""
    low = [word.lower() for word in words]
    if spoken == "en" and low[:1] in (["to"], ["how"]) and _is_verb(low):
        rest = words[1 if low[0] == "to" else 2 :]
        if rest and rest[0].lower() in _BARE_DOING and len(rest) > 1:
            return rest[1:], True
        return ([gerund(rest[0].lower()), *rest[1:]] if rest else []), True
    if spoken == "de" and len(words) > 1 and low[-1] in _BARE_DOING:
        words = words[:-1]
    if low[:1] in (["in"], ["back"]) and set(low) & _NO_NOUNS:
        return [], False
    while words and words[0].lower() in _OPENERS[spoken]:
        words = words[1:]
    return words, False


def _is_verb(low: list[str]) -> bool:
    """Whether "to" or "how to" is followed by something to do: no article, no place."""
    after = low[1:2] if low[0] == "to" else (low[2:3] if low[1:2] == ["to"] else [])
    return bool(after) and after[0] not in ARTICLES | OWNED and after[0].isalpha()


def _up_to_stop(words: list[str], spoken: str, *, bare: bool) -> list[str]:
    """Return the words before the first preposition that leads away from the thing itself."""
    stops = set(_STOPS[spoken].split()) | (set(_KEPT[spoken].split()) if bare else set())
    number = re.compile(rf"{number_pattern(spoken)}|[€$£]?\d.*", re.IGNORECASE)
    for at, word in enumerate(words):
        low = word.lower().strip(".,")
        if at and low in _WHOLE and not bare:
            return words
        after = words[at + 1] if at + 1 < len(words) else ""
        counted = low in _KEPT[spoken].split() and (
            number.fullmatch(after) or after.lower() in _ROUGHLY
        )
        if at and (low in stops or counted):
            return words[:at]
    return words


def _english(words: list[str], *, bare: bool, done: bool) -> str:
    """Return an English phrase with the determiner that fits a sentence."""
    language = next((word for word in words if word.lower() in _LANGUAGES), "")
    if language and not done and _before_kept(words, language):
        return language.capitalize()
    kept = next(
        (at for at, w in enumerate(words) if w.lower() in _KEPT["en"].split()), len(words)
    )
    inner = [at for at, w in enumerate(words[:kept]) if at and w.lower() in ("a", "an")]
    words = words[inner[-1] :] if inner and not done else words
    first = words[0].lower()
    if first in ARTICLES and words[1:]:
        return " ".join(words[1:] if bare else ["the", *words[1:]])
    phrase = " ".join(words)
    if bare and first == "the" and words[1:]:
        return " ".join(words[1:])
    named = words[0][:1].isupper() or first in OWNED
    return phrase if bare or named or done or _MASS.fullmatch(words[0]) else f"the {phrase}"


def _before_kept(words: list[str], language: str) -> bool:
    """Whether a language is what a phrase is about: rusty German, Italian for my job."""
    behind = words[words.index(language) + 1 :]
    return not behind or behind[0].lower() in _KEPT["en"].split()


def _german(words: list[str]) -> str:
    """Return a German phrase without its determiner, in the nominative where that shows."""
    first = words[0].lower()
    if language := next((word for word in words[:3] if _GERMAN_LANGUAGE.fullmatch(word)), ""):
        return language
    if first not in ARTICLES | OWNED or not words[1:]:
        return " ".join(words)
    rest = words[1:]
    if first.endswith("en") and len(rest) > 1:
        for at, word in enumerate(rest[:-1]):
            if not (word[:1].islower() and word.endswith("en")):
                break
            rest[at] = f"{word[:-2]}er"
    return " ".join(rest)


def _spoken(language: str) -> str:
    return "de" if language == "de" else "en"
