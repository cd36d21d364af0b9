"""Words and sentences of plans, and whether a line says anything that is its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from stellwerk.domain.text import shortened
from stellwerk.validation.lexicon import FILLER, FUNCTION_WORDS, NUMBERS

_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_STARTS: Final = r"(?=[^\W\d_a-zäöü]|[„“\"(])"
_SENTENCE: Final = re.compile(
    rf"(?<=[.!?…])(?:[”“\"')]+ | (?<!\b[zdueiao]\. )(?<!\b(?:ca|Dr|vs|Nr|St|No|Mr|Ms)\. )"
    rf"(?<!\b(?:etc|bzw|Mrs|ggf)\. )(?<!\b(?:Prof|inkl)\. )(?<!\bapprox\. )){_STARTS}"
)
_MARKED: Final = b".,;:!?()[]{}\"'*_`#>/\\|-"
_MARKS: Final = bytes.maketrans(_MARKED, b" " * len(_MARKED))
_WIDE_MARKS: Final = "…“”„\u2018’«»→–—"
_OPENING: Final = 200
STEM: Final = 5
"""Letters by which the forms of a word are recognised."""


def words(text: str) -> list[str]:
    """Return the words of a text in lower case; hyphenated ones are one."""
    return _WORD.findall(text.lower())


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; common abbreviations end none."""
    return _SENTENCE.split(" ".join(text.split())) if text and not text.isspace() else []


def opening(text: str) -> str:
    """Return how a text begins, as it stands there: no more than one paragraph of it."""
    return shortened(text.partition("\n\n")[0], _OPENING).removesuffix("…")


def plain(text: str) -> str:
    """Return a text in lower case without punctuation, its words one space apart."""
    return " ".join(_unmarked(text).split())


def plain_lines(lines: Iterable[str]) -> list[str]:
    """Return what `plain` makes of each line; lines hold no line breaks."""
    return [" ".join(line.split()) for line in _unmarked("\n".join(lines)).split("\n")]


@lru_cache(maxsize=4096)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words that carry meaning, in order, each once."""
    found = (
        word
        for word in words(text)
        if len(word) > 2 and word not in FUNCTION_WORDS and word not in NUMBERS
    )
    return tuple(dict.fromkeys(found))


def stems(text: str) -> tuple[str, ...]:
    """Return the beginnings of the meaningful words, by which their forms are recognised."""
    return tuple(dict.fromkeys(word[:STEM] for word in content_words(text)))


def says_nothing(line: str, taken: Iterable[str] = ()) -> bool:
    """Whether a line has words, and none of them is its own; a number is.

    Args:
        line: A step, criterion or sentence.
        taken: Words that say nothing here either, such as those of the title above.
    """
    found = words(line)
    if not found:
        return False
    if FILLER.issuperset(found):
        return True
    if any(word in NUMBERS or word[0].isdigit() for word in found):
        return False
    known = {word[:STEM] for word in taken}
    return all(word in FILLER or word[:STEM] in known for word in found)


def _unmarked(text: str) -> str:
    """Return a text in lower case with blanks for punctuation."""
    lower = text.lower()
    if not lower.isascii():
        for mark in _WIDE_MARKS:
            lower = lower.replace(mark, " ")
    # Of bytes, a table of 256 does it all at once.
    return (
        lower.encode("utf-8", "surrogatepass")
        .translate(_MARKS)
        .decode("utf-8", "surrogatepass")
    )


class Pieces(dict[str, int]):
    """How often something counts in what stands between white space; told apart only once.

    Words never reach across white space, so the sum over a text's pieces is that over its words.
    """

    def __init__(self, counted: Callable[[list[str]], int]) -> None:
        self._counted = counted

    def __missing__(self, piece: str) -> int:
        count = self[piece] = self._counted(words(piece))
        return count

    def total(self, text: str) -> int:
        """Return the sum over a text."""
        return sum(map(self.__getitem__, text.split()))


class Topics(dict[str, str]):
    """The beginning of a word that is not filler in what stands between white space, or none."""

    def __missing__(self, piece: str) -> str:
        own = next((word for word in words(piece) if word not in FILLER), "")
        self[piece] = own[:STEM]
        return self[piece]

    def beyond(self, known: set[str], text: str) -> bool:
        """Whether a text is sure to have a word of its own; no if that takes a closer look."""
        return not known.issuperset(map(self.__getitem__, text.split()))
