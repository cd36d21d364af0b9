"""What a check says, and checks that must not take long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Thread
from typing import Final, TypeVar

from stellwerk.errors import StellwerkError

Result = TypeVar("Result")
SECONDS: Final = 1.2
"""For so long something elsewhere may keep us waiting."""


class Verdict(StrEnum):
    """How a check came out."""

    FINE = "fine"
    ODD = "odd"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found, and what to do about it."""

    name: str
    verdict: Verdict
    message: str
    hint: str = ""


def within(seconds: float, works: list[Callable[[], Result]]) -> list[Result | None]:
    """Do some work at the same time; None for what takes too long, which is left behind.

    Nothing else bounds the time that a name server takes.

    Raises:
        StellwerkError, OSError: What the first work that failed raised.
    """
    results: list[Result | None] = [None] * len(works)
    errors: list[StellwerkError | OSError] = []

    def do(at: int) -> None:
        try:
            results[at] = works[at]()
        except (StellwerkError, OSError) as error:
            errors.append(error)

    threads = [Thread(target=do, args=(at,), daemon=True) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    if errors:
        raise errors[0]
    return results
