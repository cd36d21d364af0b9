"""What a prompt can say beside its inputs: limits, language, and how much is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from stellwerk.domain import limits
from stellwerk.domain.limits import PlanSize
from stellwerk.planning.templating import key

NAMES: Final = ("limits", "language", "code", "size", "sizes", "room", "example")
"""The values every template has beside its inputs."""
_LANGUAGES: Final = {"en": "English", "de": "German"}


class Room(NamedTuple):
    """How much of something is asked for: inclusive ranges."""

    tasks: tuple[int, int]
    packages: tuple[int, int]


def numbers() -> dict[str, Any]:
    """Return the constants of `domain.limits` by their names in lower case."""
    return {name.lower(): getattr(limits, name) for name in dir(limits) if name.isupper()}


def measures(inputs: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a prompt beside its inputs.

    Args:
        inputs: Its inputs; `caps` are the most `routes`, `tasks` of a route and `packages`
            of a task that are configured.
        told: The limits, as `numbers` returns them.
    """
    caps = inputs.get("caps") or {}
    sizes = {name: _capped(size, caps) for name, size in told["sizes"].items()}
    size = _size(inputs, sizes)
    code = key(_of(inputs.get("wish"), "language"))
    return {
        "limits": told,
        "language": _LANGUAGES.get(code, code),
        "code": code,
        "size": size,
        "sizes": list(sizes.values()),
        "room": _room(inputs, size or list(sizes.values())[-1]),
    }


def _of(wish: object, name: str) -> str:
    """Return a field of a wish, which is data or the value itself."""
    found = wish.get(name) if isinstance(wish, Mapping) else getattr(wish, name, None)
    return str(found or "")


def _capped(size: PlanSize, caps: Mapping[str, int]) -> PlanSize:
    """Return a size within what is configured."""
    most = min(size.routes[1], caps.get("routes", size.routes[1]))
    return size._replace(
        routes=(min(size.routes[0], most), most),
        tasks_per_route=min(size.tasks_per_route, caps.get("tasks", size.tasks_per_route)),
        packages_per_task=min(
            size.packages_per_task, caps.get("packages", size.packages_per_task)
        ),
    )


def _size(inputs: Mapping[str, Any], sizes: Mapping[str, PlanSize]) -> PlanSize | None:
    """Return the size that is asked for, or the one a plan's routes make it; else None."""
    asked = _of(inputs.get("wish"), "size")
    if asked in sizes:
        return sizes[asked]
    count = len(inputs.get("routes") or ())
    fitting = (size for size in sizes.values() if count <= size.routes[1])
    return next(fitting, None) if count else None


def _room(inputs: Mapping[str, Any], size: PlanSize) -> Room:
    """Return how many tasks the route gets, and how many packages the route or the task.

    With the routes of the plan given, its work packages are shared out among them.
    """
    least, most = 1, size.tasks_per_route * size.packages_per_task
    if routes := len(inputs.get("routes") or ()):
        least = max(1, min(most, -(-size.packages[0] // routes)))
        most = max(least, min(most, size.packages[1] // routes))
    fewest = -(-least // size.packages_per_task)
    tasks_room = (fewest, max(fewest, min(size.tasks_per_route, most)))
    if not (tasks := len(inputs.get("tasks") or ())):
        return Room(tasks_room, (least, most))
    low = max(1, min(size.packages_per_task, -(-least // tasks)))
    return Room(tasks_room, (low, max(low, min(size.packages_per_task, most // tasks))))
