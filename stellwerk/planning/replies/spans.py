"""Stretches of JSON in a text: where brackets open and close, strings and comments aside."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from stellwerk.planning.replies.places import MAX_DEPTH

MAX_SPANS: Final = 200
"""So many stretches are kept, the last ones."""

_TAG: Final = "(?:think|thinking|reasoning)"
_CLOSER: Final = re.compile(rf"</{_TAG}\s*>", re.IGNORECASE)
_OPENER: Final = re.compile(rf"<{_TAG}\b[^<>]*>", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    rf"""(?P<think><{_TAG}\b[^<>]*>)
    | (?P<open>\{{(?=\s*+(?:["'“”„’`}}/#{{]|\\["n]|[\w.-]+[ ]?:|\Z))
      | \[(?=\s*+(?:["'“”„’`{{\[\]/-]|\d|\Z|true|false|null|None|True|False)))
    | (?P<close>[\]}}])""",
    re.VERBOSE | re.IGNORECASE,
)
_SINGLE: Final = r"'(?>(?:[^'\\]++|\\.|'(?!\s{0,20}[,:\]}]))*)(?:'|\Z)"
_INSIDE: Final = re.compile(
    rf"""(?P<string>(?<!\\)"(?>(?:[^"\\]++|\\.)*)" | [“„][^“”„]*+[“”] | [,:]\s*+{_SINGLE})
    | (?P<comment>(?<![:\w])//[^\n]*+ | /\*(?>(?:[^*]++|\*(?!/))*)(?:\*/)? | (?<=\s)\#[^\n]*+)
    | (?P<open>[\[{{])(?>(?:\s*+{_SINGLE})?) | (?P<close>[\]}}])
    | (?P<unended>(?<!\\)")
    | (?P<elided>(?<=[\[{{,\s])(?:\.{{3}}|…)(?=\s*+[,\]}}\n]))""",
    re.VERBOSE | re.DOTALL,
)
_PAIRS: Final = {"]": "[", "}": "{"}


class TooDeepError(ValueError):
    """Brackets are nested more deeply than any answer needs."""


class Span(NamedTuple):
    """A stretch of text from a bracket to the one that closes it.

    Attributes:
        text: The stretch.
        start: Where it begins in the text.
        end: Where it ends.
        elided: Whether dots stand in place of something left out.
    """

    text: str
    start: int
    end: int
    elided: bool = False


@dataclass(slots=True)
class Found:
    """What stands in a text.

    Attributes:
        spans: Its last stretches of JSON, in order.
        more: Whether there were others before them.
        cut: Whether it ends inside one, or inside a thought.
        stray: Whether a bracket closes that was never opened.
    """

    spans: deque[Span] = field(default_factory=lambda: deque(maxlen=MAX_SPANS))
    more: bool = False
    cut: bool = False
    stray: bool = False

    def continued(self, text: str) -> bool:
        """Whether one stretch goes on where another was closed too soon."""
        gaps = (text[one.end : other.start] for one, other in pairwise(self.spans))
        return any("," in gap and not gap.strip("]}, \t\n") for gap in gaps)


def found_in(text: str) -> Found:
    """Return the stretches of JSON in a text, thoughts left out.

    Raises:
        TooDeepError: Brackets are nested too deeply.
    """
    found = Found()
    at = _after_thoughts(text)
    while mark := _OUTSIDE.search(text, at):
        if mark["think"]:
            closer = _CLOSER.search(text, mark.end())
            if closer is None:
                found.cut = True
                return found
            at = closer.end()
        elif mark["close"]:
            found.stray = True
            at = mark.end()
        elif span := _span(text, mark.start()):
            found.more = found.more or len(found.spans) == MAX_SPANS
            found.spans.append(span)
            at = span.end
        else:
            found.cut = True
            return found
    return found


def without_comments(text: str) -> str:
    """Return a stretch of JSON without its comments."""
    return _INSIDE.sub(lambda mark: " " if mark["comment"] else mark[0], text)


def _after_thoughts(text: str) -> int:
    """Return where the answer begins if a thought is closed that was never opened."""
    closer = _CLOSER.search(text)
    if closer is None or _OPENER.search(text, 0, closer.start()):
        return 0
    return closer.end() if re.search(r"[\[{]", text[closer.end() :]) else 0


def _span(text: str, start: int) -> Span | None:
    """Return the stretch that begins there, None if the text ends before it does."""
    stack: list[str] = []
    elided = False
    for mark in _marks(text, start):
        if mark["unended"]:
            return None
        elided = elided or bool(mark["elided"])
        if mark["open"]:
            stack.append(mark["open"])
            if len(stack) > MAX_DEPTH:
                raise TooDeepError
        elif mark["close"]:
            _close(stack, _PAIRS[mark["close"]])
        if not stack:
            end = mark.end()
            return Span(text[start:end], start, end, elided)
    return None


def _close(stack: list[str], partner: str) -> None:
    """Close a bracket, and with it those inside that were left open."""
    while partner in stack and stack.pop() != partner:
        pass


def _marks(text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield brackets and what else decides where a stretch ends."""
    return (
        mark
        for mark in _INSIDE.finditer(text, start)
        if mark.lastgroup not in {"string", "comment"}
    )
