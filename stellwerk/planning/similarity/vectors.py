"""Vectors of goals: the built-in ones, how any are kept, and how near two are.

The built-in ones hash words, pairs of words and runs of letters into a fixed number of
places, with signs, so that what falls together by chance cancels out. They know no meaning.
"""

from __future__ import annotations

import math
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from operator import mul
from typing import Final

from stellwerk.planning.ports import StoredVector
from stellwerk.planning.similarity.words import LIGHT, meaning, tokens

DIMENSION: Final = 256
BUILTIN: Final = "builtin-1"
"""Names the way of hashing; it is counted up when that changes."""
_WORD, _LIGHT, _PAIR, _RUN = 2.0, 0.4, 1.0, 0.35
_RUNS: Final = (3, 4, 5)
_LONGEST: Final = 2_000
_SPREAD: Final = 0x9E3779B1
_SINGLE: Final = 4


class HashedEmbedder:
    """Makes vectors with the standard library alone."""

    id = BUILTIN
    dimension = DIMENSION

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return a vector for each text."""
        return [_hashed(text[:_LONGEST]) for text in texts]


class UnkeptVectors:
    """A shelf that keeps nothing: each search makes all vectors anew."""

    def vectors(self, embedder: str) -> dict[str, StoredVector]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def keep(self, embedder: str, vectors: Mapping[str, StoredVector]) -> None:
        """Do nothing."""


def digest(text: str) -> str:
    """Return what tells whether a vector was made of this very text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def packed(vector: Iterable[float]) -> bytes:
    """Return a vector of length one as it is kept: 32-bit floats, the lowest byte first."""
    values = array("f", _unit([*vector]))
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def unpacked(raw: bytes) -> array[float]:
    """Return a kept vector."""
    values = array("f")
    values.frombytes(raw[: len(raw) // _SINGLE * _SINGLE])
    if sys.byteorder == "big":
        values.byteswap()
    return values


def nearness(query: bytes, kept: Mapping[str, bytes]) -> dict[str, float]:
    """Return the cosine of a kept vector with each of some others, 0 for odd ones."""
    sought = [*unpacked(query)]
    length = len(query)
    return {
        name: _finite(sum(map(mul, sought, unpacked(raw)))) if len(raw) == length else 0.0
        for name, raw in kept.items()
    }


def _hashed(text: str) -> list[float]:
    places = [0.0] * DIMENSION
    for feature, weight in _features(text):
        code = zlib.crc32(feature.encode("utf-8", "surrogatepass")) * _SPREAD & 0xFFFFFFFF
        places[code >> 24] += weight if code & 0x10000 else -weight
    return _unit(places)


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = tokens(text)
    for word in words:
        if word in LIGHT:
            yield f"w {word}", _LIGHT
            continue
        yield f"w {meaning(word)}", _WORD
        framed = f" {word} "
        for size in _RUNS:
            for at in range(len(framed) - size + 1):
                yield framed[at : at + size], _RUN
    heavy = [meaning(word) for word in words if word not in LIGHT]
    for one, other in pairwise(heavy):
        yield f"p {one} {other}", _PAIR


def _unit(values: list[float]) -> list[float]:
    norm = math.sqrt(sum(map(mul, values, values)))
    return [value / norm for value in values] if norm and math.isfinite(norm) else values


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0
