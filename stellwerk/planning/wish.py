"""What somebody asks to be planned, cleaned and measured before anything else sees it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Final, NamedTuple

from stellwerk.domain.limits import MAX_CONTEXT, MAX_GOAL_TEXT, MAX_TITLE, SIZES
from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.errors import UsageError

_GERMAN: Final = frozenset(
    (
        "der das ein eine einen einem eines einer mein meine meinen meiner meinem unser "
        "unsere unseren ich wir mich mir uns sich und oder für mit ohne bis von vom bei beim "
        "nach aus als auf über unter vor zum zur zu im ins dem des wie wo wer kann können "
        "wollen möchte möchten soll muss müssen neu neue neuen neuer neues ersten erste "
        "wieder endlich nicht kein keine lerne lern laufe gründe starte baue kaufe mache "
        "werde finde schreibe plane organisiere buche eröffne renoviere eins zwei drei vier "
        "fünf sechs sieben acht neun zehn zwölf zwanzig dreißig fünfzig hundert tausend halbe "
        "halben tag tage tagen woche wochen monat monate monaten jahr jahre jahren stunde "
        "stunden sommer frühling herbst hochzeit umzug termin geschenk wohnung haus küche "
        "buch arbeit stelle firma verein urlaub reise fahrrad steuererklärung führerschein "
        "gesund"
    ).split()
)
"""Words of German goals that hardly stand in English ones."""
_BOTH: Final = frozenset("die den was will am".split())
"""German words that count for less, for English has them too."""
_ENGLISH: Final = frozenset(
    (
        "the a an my our your his her their this that and or for with without by within to of on "
        "at from into as is are be it i we me us how what when launch build learn run write start "
        "organise organize become find make get open buy book move renovate plan host train finish "
        "complete improve switch migrate replace set up take go do fix sell create develop release "
        "ship study new first month months week weeks year years day days hours one two three four "
        "five six seven eight nine ten"
    ).split()
)
_ENGLISH_ENDS: Final = frozenset(
    (
        "garden kitchen children women men oven token chicken kitten seven golden wooden listen open "
        "even often linen heaven raven haven dozen citizen maiden warden alien specimen screen green "
        "queen teen between keen been then when frozen broken written spoken hidden sudden burden "
        "happen sharpen shorten strengthen widen lighten tighten straighten flatten brighten deepen "
        "soften darken loosen threaten fasten frighten awaken yen semen omen amen siren pen hen den "
        "omen abdomen regimen stamen pollen sullen stolen woollen golden modern pattern western "
        "eastern northern southern lantern cavern tavern govern concern intern fern stern return turn "
        "learn earn burn barn yarn born corn horn warn mourn spurn churn"
    ).split()
)
"""English words with an ending of German verbs."""
_GERMAN_ENDS: Final = (
    "ung",
    "ungen",
    "heit",
    "keit",
    "schaft",
    "isch",
    "ischen",
    "ieren",
    "suche",
)
LANGUAGES: Final = ("en", "de")
STANDARDS: Final = "standards"
"""The sort of background that holds rules to keep."""


@dataclass(frozen=True, slots=True)
class Background:
    """Something models are told beside a goal: see `planning.context`.

    Attributes:
        source: Where it comes from, in one line: `history`, `standards: rules.md`.
        text: What they are told.
    """

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal to be planned.

    Attributes:
        title: The goal in one line, as given.
        description: What was said beyond it.
        context: Background the plan should take into account.
        people: Names of those who take part.
        size: `auto`, `small`, `standard` or `detailed`.
        language: Of the plan, `en` or `de`.
        background: What models are told besides, worked out once when a run begins.
    """

    title: str
    description: str = ""
    context: str = ""
    people: tuple[str, ...] = field(default=())
    size: str = "auto"
    language: str = "en"
    background: tuple[Background, ...] = ()

    def told(self, sort: str = "") -> list[dict[str, str]]:
        """Return its background as prompts take it; only that of one sort, if named."""
        return [asdict(each) for each in self.background if each.source.startswith(sort)]


class Caps(NamedTuple):
    """The most there may be of everything in a new plan, whatever its size.

    Attributes:
        routes: In the plan.
        tasks: In a route.
        packages: In a task.
    """

    routes: int = 20
    tasks: int = 6
    packages: int = 6


CAPS: Final = Caps()


def wish_of(
    text: str,
    *,
    context: str = "",
    people: tuple[str, ...] = (),
    size: str = "auto",
    language: str = "auto",
) -> Wish:
    """Return the wish in a text: its first line (or a Markdown title) is the goal.

    Raises:
        UsageError: The text is empty or too long, or an option has an unknown value.
    """
    for name, given, most in (
        ("goal", text, MAX_GOAL_TEXT),
        ("context", context, MAX_CONTEXT),
    ):
        if len(given) > most:
            msg = f"The {name} has {len(given):,} characters; at most {most:,} are taken."
            raise UsageError(msg, "Say it shorter, or give background with `--context FILE`.")
    if size not in ("auto", *SIZES):
        known = ", ".join(SIZES)
        raise UsageError(f"There is no plan size {size!r}.", f"Use auto, {known}.")
    lines = [line.strip() for line in clean(text).strip().split("\n")]
    title = one_line(re.sub(r"^#{1,6}(?!\S)", "", lines[0]))
    if not any(char.isalnum() for char in title):
        raise UsageError("The goal is empty.", 'Try: stellwerk plan "Learn to juggle"')
    description = "\n".join(lines[1:]).strip()
    if len(title) > MAX_TITLE:
        description = f"{title}\n\n{description}".strip()
        title = shortened(title, MAX_TITLE)
    names = tuple(name for each in people if (name := one_line(each)))
    chosen = _language(f"{title} {description}") if language == "auto" else language
    if chosen not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        raise UsageError(f"Plans are not written in {chosen!r} yet.", f"Use {known}.")
    return Wish(title, description, clean(context).strip(), names, size, chosen)


def _language(text: str) -> str:
    """Return the language of a text, by its small words, umlauts and endings."""
    spelt = re.findall(r"[^\W\d_]+", text)[:400]
    words = [word.lower() for word in spelt]
    german = sum(word in _GERMAN for word in words) + sum(word in _BOTH for word in words) / 2
    german += 2 * len(re.findall("[äöüß]", text.lower()[:4000]))
    german += sum(len(word) > 5 and word.endswith(_GERMAN_ENDS) for word in words)
    german += _ends_with_verb(spelt)
    english = sum(word in _ENGLISH for word in words)
    return "de" if german >= 1 and german > english else "en"


def _ends_with_verb(spelt: list[str]) -> bool:
    """Whether the last word looks like a German verb behind its object: *Reifen wechseln*."""
    if len(spelt) < 2:
        return False
    last = spelt[-1]
    as_verb = last[:1].islower() or spelt[0].isupper()
    ends = last.lower().endswith(("en", "eln", "ern")) and len(last) > 4
    return as_verb and ends and last.lower() not in _ENGLISH_ENDS
