"""Passages ranked and cut to what a prompt has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.planning.context.passage import Passage, Sort
from stellwerk.planning.wish import Background

PER_TOKEN: Final = 4
"""About so many characters make a token."""
LEAST: Final = 160
"""Less of a passage than that says nothing."""
_SHARES: Final = {
    Sort.STANDARDS: 0.5, Sort.HISTORY: 0.15, Sort.SIMILAR: 0.2, Sort.PLAYBOOK: 0.15,
}  # fmt: skip
_CUT: Final = "\n[cut here]"
_FRAME: Final = 60
"""Characters that the fence around a passage takes."""
_SOURCE: Final = 120


class Fitted(NamedTuple):
    """What goes into prompts.

    Attributes:
        background: In the order in which it is told.
        cut: Sources of which not all is told.
    """

    background: tuple[Background, ...]
    cut: tuple[str, ...] = ()


def fitted(passages: Sequence[Passage], max_tokens: int) -> Fitted:
    """Return as much of some passages as there is room for.

    Each sort has a share; what it leaves goes to the others, those that count most first.

    Args:
        passages: In any order.
        max_tokens: For all of them, fences included.
    """
    ranks = list(Sort)
    ranked = sorted(passages, key=lambda each: (ranks.index(each.sort), -each.weight))
    texts = [clean(each.text).strip() for each in ranked]
    room = _room(ranked, texts, max_tokens * PER_TOKEN)
    told, cut = [], []
    for passage, text, most in zip(ranked, texts, room, strict=True):
        source = shortened(one_line(passage.source), _SOURCE)
        kept = text if len(text) <= most else _head(text, most)
        if kept != text:
            cut.append(source)
        if kept:
            told.append(Background(source, kept))
    return Fitted(tuple(told), tuple(cut))


def _room(ranked: Sequence[Passage], texts: Sequence[str], whole: int) -> list[int]:
    """Return how many characters of each text are taken."""
    wanted = [len(text) + _FRAME if text else 0 for text in texts]
    given = [0] * len(texts)
    for sort in Sort:
        left = int(whole * _SHARES[sort])
        for at, passage in enumerate(ranked):
            if passage.sort is sort:
                given[at] = min(wanted[at], left)
                left -= given[at]
    left = whole - sum(given)
    for at, most in enumerate(wanted):
        more = min(most - given[at], left)
        given[at] += more
        left -= more
    return [max(most - _FRAME, 0) for most in given]


def _head(text: str, most: int) -> str:
    """Return the first lines of a text; of a first line that is too long, its beginning."""
    room = most - len(_CUT)
    if room < LEAST:
        return ""
    end = text.rfind("\n", 0, room + 1)
    return (text[:end] if end >= LEAST else shortened(text[: room + 1], room)).rstrip() + _CUT
