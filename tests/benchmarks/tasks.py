"""The tasks every tool is given: the same numbers, dependencies and done ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID, uuid5

MOST_NEEDS: Final = 3
REACH: Final = 40
SPACE: Final = UUID("5e11be7c-0000-4000-8000-000000000020")


@dataclass(frozen=True, slots=True)
class Work:
    """One generated task.

    Attributes:
        number: From 1, in written order.
        title: One line.
        length: Effort, 1 to 8.
        needs: Numbers of the tasks that come before it, ascending.
        done: Whether it is done.
    """

    number: int
    title: str
    length: int
    needs: tuple[int, ...]
    done: bool

    @property
    def uid(self) -> UUID:
        """Its identity in tools that want one, the same in every run."""
        return uuid5(SPACE, str(self.number))


def generated(count: int, seed: int = 1) -> tuple[Work, ...]:
    """Return tasks: the first third done, each with 0 to 3 needs among the 40 before it."""
    random = Random(seed)
    return tuple(_work(number, count, random) for number in range(1, count + 1))


def ready(tasks: Sequence[Work]) -> tuple[int, ...]:
    """Return the numbers of the tasks that can be started, found the slow and sure way."""
    done = {work.number for work in tasks if work.done}
    return tuple(
        work.number for work in tasks if not work.done and all(n in done for n in work.needs)
    )


def _work(number: int, count: int, random: Random) -> Work:
    drawn = {number - random.randint(1, REACH) for _ in range(random.randint(0, MOST_NEEDS))}
    needs = tuple(sorted(need for need in drawn if need > 0))
    title = f"Work package number {number} of the plan"
    return Work(number, title, random.randint(1, 8), needs, number <= count // 3)
