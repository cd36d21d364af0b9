"""What is worked out from the drafts together: which work packages need which.

A model that writes one task sees the other tasks as titles, so what it says about needs is
checked here: unknown keys, needs that run against the line, and circles are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from stellwerk.planning.drafts import (
    PackageDraft,
    PackagesDraft,
    RouteDraft,
    StructureDraft,
    TasksDraft,
)

Needs: TypeAlias = Mapping[str, tuple[str, ...]]
"""Keys of the work packages that each one needs, by its own key."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One route with its tasks, and the work packages of each task in order.

    Attributes:
        route: The route.
        tasks: Its tasks.
        packages: One for each task; None where there is no answer yet.
    """

    route: RouteDraft
    tasks: TasksDraft
    packages: tuple[PackagesDraft | None, ...]

    def drafts(self) -> Iterator[tuple[str, PackageDraft]]:
        """Yield its work packages with the key of their task."""
        for task, packages in zip(self.tasks.tasks, self.packages, strict=True):
            for package in packages.packages if packages else ():
                yield task.key, package


def resolved_needs(structure: StructureDraft, chapters: Sequence[Chapter]) -> Needs:
    """Return the needs that hold, in the order in which the drafts name them.

    A task's key stands for its last work package.
    """
    homes: dict[str, str] = {}
    last: dict[str, str] = {}
    for chapter in chapters:
        for task, draft in chapter.drafts():
            homes[draft.key] = chapter.route.key
            last[task] = draft.key
    earlier = _earlier(structure)
    needs: dict[str, tuple[str, ...]] = {}
    for chapter in chapters:
        for _, draft in chapter.drafts():
            route = chapter.route.key
            for named in draft.needs:
                on = named if named in homes else last.get(named, "")
                if on and homes[on] in earlier[route] and not _leads(needs, on, draft.key):
                    needs[draft.key] = (*needs.get(draft.key, ()), on)
    return needs


def _earlier(structure: StructureDraft) -> Mapping[str, set[str]]:
    """Return each route with all that come before it and itself."""
    before = defaultdict(set)
    for edge in structure.edges:
        before[edge.after].add(edge.before)
    found: dict[str, set[str]] = {}
    for route in structure.routes:
        reached, ahead = set(), [route.key]
        while ahead:
            key = ahead.pop()
            if key not in reached:
                reached.add(key)
                ahead += before[key]
        found[route.key] = reached
    return found


def _leads(needs: Needs, start: str, end: str) -> bool:
    """Whether one work package needs another one, at once or in the end."""
    reached, ahead = set(), [start]
    while ahead:
        key = ahead.pop()
        if key == end:
            return True
        if key not in reached:
            reached.add(key)
            ahead += needs.get(key, ())
    return False
