"""Keys of things and the names by which an answer mentions them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from stellwerk.planning.replies.places import Place, quoted

_ROUTE: Final = re.compile(r"r\d{1,6}")
_LEAD: Final = re.compile(r"\s*([\w.-]+)\s*[:(–—-]\s")


def folded(value: Any) -> str:
    """Return a key or title as it is compared: without case and needless blanks."""
    return " ".join(str(value).split()).casefold()


def keys_under(subject: str, given: Sequence[Any]) -> list[str]:
    """Return keys of the members of a subject: `r1.1`, `r1.2`, ...

    Those given are kept if they are such keys in rising order; so are any that differ if
    there is no subject to name them by.
    """
    texts = [each.strip() if isinstance(each, str) else "" for each in given]
    if not subject:
        distinct = all(texts) and len(set(texts)) == len(texts)
        return texts if distinct else [str(at) for at, _ in enumerate(texts, 1)]
    numbers = [_number(subject, each) for each in texts]
    if all(numbers) and all(a < b for a, b in pairwise(numbers)):
        return texts
    return [f"{subject}.{at}" for at, _ in enumerate(texts, 1)]


def _number(subject: str, key: str) -> int:
    """Return the number of a key below a subject, 0 if it is none."""
    head, _, number = key.rpartition(".")
    return int(number) if head == subject and re.fullmatch(r"[1-9]\d{0,5}", number) else 0


def route_keys(given: Sequence[Any]) -> list[str]:
    """Return the keys of routes: as given if they are `r1`, `r2`, ... and differ."""
    texts = [each.strip() if isinstance(each, str) else "" for each in given]
    if all(_ROUTE.fullmatch(each) for each in texts) and len(set(texts)) == len(texts):
        return texts
    return [f"r{at}" for at, _ in enumerate(texts, 1)]


def rounded_off(cycle: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
    """Return a circle as it is told: from the first of its keys back to it."""
    if not cycle:
        return ()
    first = cycle.index(min(cycle, key=keys.index))
    return (*cycle[first:], *cycle[:first], cycle[first])


class Mentions:
    """Finds what is meant by a key, a title or both.

    Args:
        keys: Our keys, in order.
        given: What the answer calls the same things by, None where it has no name.
        titles: Their titles.
    """

    def __init__(
        self, keys: Sequence[str], given: Sequence[Any], titles: Sequence[Any]
    ) -> None:
        self.keys = tuple(keys)
        self._titles = dict(zip(keys, titles, strict=True))
        own = [folded(each) if _names(each) else None for each in given]
        counts = Counter(own)
        self._ambiguous = {each for each in own if each is not None and counts[each] > 1}
        self._by_name = {name: key for name, key in zip(own, keys, strict=True) if name}
        if not self._by_name:
            self._by_name = {folded(key): key for key in keys}
        heads = Counter(folded(title) for title in titles)
        self._by_title = {
            folded(title): key
            for key, title in zip(keys, titles, strict=True)
            if isinstance(title, str) and heads[folded(title)] == 1
        }

    def find(self, value: Any) -> str | None:
        """Return our key of what a mention means; None if it means nothing, or several."""
        if isinstance(value, dict):
            named = (value.get(name) for name in ("key", "id", "ref", "title", "name"))
            value = next((each for each in named if each is not None), None)
        if not _names(value):
            return None
        name = folded(value)
        if name in self._ambiguous:
            return None
        lead = _LEAD.match(name)
        known = self._by_name.get(name) or self._by_title.get(name)
        return known or (self._by_name.get(lead[1]) if lead else None)

    def several(self, value: Any) -> bool:
        """Whether a mention means several things."""
        return _names(value) and folded(value) in self._ambiguous

    def title(self, key: str) -> str:
        """Return the title of what has that key."""
        return str(self._titles.get(key) or key)

    def tell_missing(self, value: Any, what: str, place: Place) -> None:
        """Tell that a mention means nothing, or several things."""
        shown = quoted(value)
        if self.several(value):
            place.wrong(f"several have the key {shown}; give each {what} a key of its own")
        else:
            known = ", ".join(self.keys[:30])
            place.wrong(f"{shown} is no {what}; there are {known or 'none'}")


def _names(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
