"""What somebody asks to be planned, cleaned and measured before anything else sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stellwerk.domain.limits import MAX_CONTEXT, MAX_GOAL_TEXT, MAX_TITLE, SIZES
from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.errors import UsageError

_GERMAN: Final = frozenset(
    (
        "der die das ein eine einen einem eines mein meine meinen und oder für mit ohne bis "
        "zum zur im auf den dem des neu lernen lerne lern laufen laufe gründen starten starte "
        "bauen baue entwickeln programmieren kaufen machen organisieren werden finden finde "
        "schreiben schreibe plane anlegen"
    ).split()
)
_ENGLISH: Final = frozenset(
    (
        "the a an my our and or for with without by within to of on launch build learn run "
        "write start organise organize become find make get"
    ).split()
)
LANGUAGES: Final = ("en", "de")


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
    """

    title: str
    description: str = ""
    context: str = ""
    people: tuple[str, ...] = field(default=())
    size: str = "auto"
    language: str = "en"


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
    """Return the language of a text, by its small words and umlauts."""
    words = re.findall(r"[^\W\d_]+", text.lower())[:400]
    german = sum(word in _GERMAN for word in words) + 2 * len(
        re.findall("[äöüß]", text.lower())
    )
    english = sum(word in _ENGLISH for word in words)
    return "de" if german > english else "en"
