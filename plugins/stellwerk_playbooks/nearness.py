"""How near a goal is to an example: the content words they have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from stellwerk_playbooks.clauses import ARTICLES, LIGHT, OWNED, gerund, plain, words_of

_NEAR: Final = 0.8
_SMALL_WORDS: Final = ARTICLES | OWNED | LIGHT | frozenset(
    (
        "to of in on for at by with from and or as into within under i we me "
        "zu im am auf für mit von und oder als bis zum zur ich wir again wieder"
    ).split()
)  # fmt: skip
_BEYOND: Final = frozenset(
    "for after because despite without before nach für trotz ohne wegen vor seit".split()
)
_GERUNDS: Final = ("get", "run", "learn", "find", "write", "plan", "move", "start", "become")


def near(goal: str, examples: tuple[str, ...], language: str) -> tuple[float, str]:
    """Return how near a goal is to the nearest example, and that example; 0 if it is not near."""
    shares = ((_overlap(goal, each, language), each) for each in examples)
    share, example = max(shares, key=lambda found: found[0], default=(0.0, ""))
    return (share, example) if share >= _NEAR else (0.0, "")


def _overlap(goal: str, example: str, language: str) -> float:
    """Return the share of content words a goal and an example have in common (Jaccard).

    What a goal says behind a preposition (after years at a desk) is left out if that helps.
    """
    wanted = _content(example, language)
    told, short = _content(goal, language), _content(goal, language, short=True)
    if len(short) > 1 and short == wanted:
        return 1.0
    return len(told & wanted) / len(told | wanted) if told and wanted else 0.0


@lru_cache(maxsize=1024)
def _content(text: str, language: str, *, short: bool = False) -> frozenset[str]:
    words = list(words_of(plain(text, language)))
    stops = (at for at, word in enumerate(words) if at > 1 and word in _BEYOND)
    words = words[: next(stops, len(words))] if short else words
    if words and language != "de" and (base := _base(words[0])):
        words[0] = base
    return frozenset([word for word in words if word not in _SMALL_WORDS] or words)


def _base(word: str) -> str:
    """Return the verb of a common -ing form, or nothing."""
    return next((verb for verb in _GERUNDS if gerund(verb) == word), "")
