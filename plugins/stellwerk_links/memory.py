"""What was found out lately, so that nobody is asked again so soon.

It lies in a cache that may be deleted, damaged or locked at any time: then nothing is
remembered, and nothing else happens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from stellwerk.plugins.api import StellwerkError, clean, own_cache, shortened
from stellwerk_links.outcomes import Kind, Outcome

Cache: TypeAlias = MutableMapping[str, Any]
"""From URLs to JSON values."""

_LASTS: Final = {
    Kind.FOUND: timedelta(days=30),
    Kind.UNCLEAR: timedelta(days=1),
    Kind.MISSING: timedelta(days=1),
    Kind.NO_HOST: timedelta(days=1),
    Kind.SILENT: timedelta(hours=1),
}


def utc_now() -> datetime:
    """Return the present time, UTC."""
    return datetime.now(UTC)


class Memory:
    """Remembers what became of asking for pages.

    Args:
        opened: Opens the cache; what it returns is closed if it can be.
        clock: Tells the time.
    """

    def __init__(
        self,
        opened: Callable[[], Any] = lambda: own_cache("links"),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._opened = opened
        self._clock = clock

    def recalled(self, urls: list[str]) -> dict[str, Outcome]:
        """Return what is remembered of some URLs."""
        found = dict[str, Outcome]()
        with self._cache() as cache:
            for url in urls:
                outcome = self._valid(cache.get(url))
                if outcome is not None:
                    found[url] = outcome
        return found

    def keep(self, outcomes: Mapping[str, Outcome]) -> None:
        """Remember what became of asking for some URLs."""
        at = self._clock().isoformat()
        with self._cache() as cache:
            for url, outcome in outcomes.items():
                if outcome.lasting and outcome.kind in _LASTS:
                    told = {"told": outcome.told, "moved": outcome.moved}
                    cache[url] = {"kind": outcome.kind.value, "at": at, **told}

    def _valid(self, value: Any) -> Outcome | None:
        """Return what a value of the cache says, if it is one of ours and still counts."""
        try:
            kind, at = Kind(value["kind"]), datetime.fromisoformat(value["at"])
            told, moved = clean(value["told"]), clean(value["moved"])
            fresh = timedelta(0) <= self._clock() - at < _LASTS[kind]
        except (LookupError, TypeError, ValueError, AttributeError):
            return None
        return Outcome(kind, shortened(told, 400), moved) if fresh else None

    @contextmanager
    def _cache(self) -> Iterator[Cache]:
        """Open the cache; whatever goes wrong with it ends the block and nothing else."""
        cache: Any = {}
        with _whatever_goes_wrong():
            cache = self._opened()
        try:
            with _whatever_goes_wrong():
                yield cache
        finally:
            with _whatever_goes_wrong():
                getattr(cache, "close", dict)()


@contextmanager
def _whatever_goes_wrong() -> Iterator[None]:
    """Let nothing come of what SQLite, diskcache and JSON say of a damaged cache."""
    from diskcache import Timeout

    with suppress(
        *(OSError, sqlite3.Error, Timeout, StellwerkError),
        *(LookupError, ValueError, TypeError, AttributeError),
    ):
        yield
