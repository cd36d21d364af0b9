"""The numbers a plan keeps to; validators, prompts and drafts all take them from here."""

from __future__ import annotations

from typing import Final, NamedTuple

LENGTH: Final = (1, 8)
GRADE: Final = (0, 10)

SUMMARY_SENTENCES: Final = (2, 5)
MIN_STEPS: Final = 6
MIN_CRITERIA: Final = 7
MIN_RISKS: Final = 3
SOURCES: Final = (3, 8)
IMAGES: Final = (1, 3)

MAX_TITLE: Final = 200
MAX_GOAL_TEXT: Final = 20_000
MAX_NOTES: Final = 100_000
MAX_CONTEXT: Final = 200_000


class PlanSize(NamedTuple):
    """How large a plan of one size may be: inclusive ranges and upper bounds."""

    name: str
    routes: tuple[int, int]
    packages: tuple[int, int]
    tasks_per_route: int
    packages_per_task: int
    switch_levels: int
    needs_switch: bool


SIZES: Final = {
    size.name: size
    for size in (
        PlanSize("small", (2, 5), (3, 12), 4, 4, 2, needs_switch=False),
        PlanSize("standard", (6, 8), (15, 30), 6, 6, 4, needs_switch=True),
        PlanSize("detailed", (9, 20), (24, 720), 6, 6, 10, needs_switch=True),
    )
}
