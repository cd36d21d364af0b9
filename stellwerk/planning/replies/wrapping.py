"""The answer inside what was sent: unwrapped, picked from a larger one, or put in its frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final, NamedTuple

from stellwerk.planning.drafts import (
    Draft,
    PackagesDraft,
    RefinedDraft,
    ReviewDraft,
    StructureDraft,
    TasksDraft,
)
from stellwerk.planning.replies.naming import (
    PACKAGE,
    PACKAGES,
    PROBLEM,
    REVIEW,
    ROUTE,
    STRUCTURE,
    TASK,
    TASKS,
    Names,
    named,
    plain,
)
from stellwerk.planning.replies.parsing import strict
from stellwerk.planning.replies.places import Place

_DEEPEST: Final = 6
_MAINS: Final = {
    "routes": "routes",
    "nodes": "routes",
    "edges": "edges",
    "decisions": "decisions",
    "tasks": "tasks",
    "packages": "packages",
    "workpackages": "packages",
}
"""Lists of answers by plain name; those of another kind of answer are not looked into."""
_SCHEMA_TYPES: Final = frozenset({"array", "object", "string", "number", "integer", "boolean"})


class Frame(NamedTuple):
    """How an answer of one kind is recognised.

    Attributes:
        names: Its fields.
        main: The field that holds its list; empty if the answer is one item.
        item: Fields of an item of that list.
        marks: Those by which an item is told from any other object, one of each group.
        alone: Fields by which the answer is known without its list.
    """

    names: Names
    main: str
    item: Names
    marks: tuple[frozenset[str], ...]
    alone: frozenset[str] = frozenset()


_TITLED: Final = frozenset({"title"})
_FILLED: Final = frozenset({"steps", "done_when", "risks", "notes"})
_FRAMES: Final[Mapping[type[Draft], Frame]] = {
    StructureDraft: Frame(STRUCTURE, "routes", ROUTE, (_TITLED,)),
    TasksDraft: Frame(TASKS, "tasks", TASK, (_TITLED,)),
    PackagesDraft: Frame(PACKAGES, "packages", PACKAGE, (_TITLED, _FILLED)),
    RefinedDraft: Frame(PACKAGE, "", PACKAGE, (_TITLED, _FILLED)),
    ReviewDraft: Frame(
        REVIEW, "problems", PROBLEM, (frozenset({"problem", "quote"}),), frozenset({"summary"})
    ),
}


def frame_of(kind: type[Draft]) -> Frame:
    """Return the frame of an answer; a kind we do not know has its own fields and no list."""
    required = [name for name, field in kind.model_fields.items() if field.is_required()]
    plain = Frame({}, "", {}, tuple(frozenset({name}) for name in required))
    return _FRAMES.get(kind, plain)


def answer_in(kind: type[Draft], value: Any, subject: str) -> dict[str, Any] | None:
    """Return the object that is meant as the answer, None if nothing looks like it."""
    frame = frame_of(kind)
    picked = _picked(kind, value, subject)
    if picked is not None:
        return picked
    own = frame.main or "packages"
    foreign = _MAINS.keys() - {name for name, main in _MAINS.items() if main == own}
    for node in _nodes(value, foreign):
        if isinstance(node, dict) and _is_answer(node, frame):
            return node
        if isinstance(node, list) and frame.main and _is_list_of_items(node, frame):
            return {frame.main: node}
    return None


def is_item(kind: type[Draft], value: Any) -> bool:
    """Whether an object is one item of the answer's list, not the answer itself."""
    frame = frame_of(kind)
    if not isinstance(value, dict) or is_schema(value) or _holds_plan(value):
        return False
    fields = named(value, frame.item, Place()).keys()
    return bool(frame.marks) and all(fields & group for group in frame.marks)


def is_schema(value: Any) -> bool:
    """Whether an object is a JSON Schema sent back instead of an answer to it."""
    if not isinstance(value, dict):
        return False
    described = value.get("type")
    typed = isinstance(described, str) and described in _SCHEMA_TYPES
    return "$schema" in value or "$defs" in value or (typed and "properties" in value)


def _is_answer(node: dict[str, Any], frame: Frame) -> bool:
    if is_schema(node):
        return False
    fields = named(node, frame.names, Place()) if frame.names else node
    if not frame.main:
        return bool(frame.marks) and all(fields.keys() & group for group in frame.marks)
    known = fields.keys() & {frame.main, *frame.alone}
    return bool(known) and not any(_describes(fields[name]) for name in known)


def _describes(value: Any) -> bool:
    """Whether a field's value says what should stand there, as a schema does."""
    if not isinstance(value, dict):
        return False
    keys = value.keys() & {"type", "items", "$ref", "properties", "minItems", "description"}
    return len(keys) > 1 or "$ref" in keys


def _is_list_of_items(node: list[Any], frame: Frame) -> bool:
    """Whether every member of a list has what the items of the answer have."""
    members = [each for each in node if isinstance(each, dict)]
    fields = [named(each, frame.item, Place()).keys() for each in members]
    whole = bool(members) and len(members) == len(node)
    return whole and all(each & group for each in fields for group in frame.marks)


def _nodes(value: Any, foreign: Set[str] = frozenset()) -> Iterator[Any]:
    """Yield a value and what is wrapped in it, the outer first; text may hold JSON too.

    Lists with `foreign` names are those of another kind of answer.
    """
    level = [value]
    for _ in range(_DEEPEST):
        yield from level
        level = [inner for each in level for inner in _inside(each, foreign)][:200]


def _inside(value: Any, foreign: Set[str]) -> list[Any]:
    if isinstance(value, dict):
        return [
            each
            for name, each in value.items()
            if isinstance(each, dict | str)
            or (isinstance(each, list) and plain(str(name)) not in foreign)
        ]
    if isinstance(value, list) and value and not isinstance(value[-1], list):
        return [value[-1]] if len(value) == 1 or _wraps(value) else []
    if isinstance(value, str) and re.match(r"\s*[{\[\"]", value):
        try:
            return [strict(value)]
        except (ValueError, RecursionError):
            return []
    return []


def _wraps(value: list[Any]) -> bool:
    """Whether a list is one of messages, tool calls or whole answers: the last one counts."""
    wrappers = {"message", "function", "arguments", "input", "content", "role"}
    wholes = {"routes", "tasks", "packages"}
    keys = value[-1].keys() if isinstance(value[-1], dict) else frozenset()
    return bool(keys & (wrappers | wholes)) and "title" not in keys


def _holds_plan(value: dict[str, Any]) -> bool:
    return isinstance(named(value, STRUCTURE, Place()).get("routes"), list) or isinstance(
        value.get("tasks"), list
    )


def _picked(kind: type[Draft], value: Any, subject: str) -> dict[str, Any] | None:
    """Return tasks or packages of the subject from a whole plan, or from a whole route."""
    if kind is not TasksDraft and kind is not PackagesDraft:
        return None
    route = next(
        (
            found
            for node in _nodes(value)
            if isinstance(node, dict)
            and (found := _member(node, STRUCTURE, "routes", subject))
        ),
        None,
    )
    if kind is TasksDraft:
        tasks = named(route, ROUTE, Place()).get("tasks") if route else None
        return {"tasks": tasks} if isinstance(tasks, list) else None
    holder = route or next((node for node in _nodes(value) if _has_tasks(node)), None)
    task = _member(holder, ROUTE, "tasks", subject) if holder else None
    packages = named(task, TASK, Place()).get("packages") if task else None
    return {"packages": packages} if isinstance(packages, list) else None


def _has_tasks(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("tasks"), list)


def _member(
    holder: dict[str, Any], known: Names, field: str, subject: str
) -> dict[str, Any] | None:
    """Return the member of a list that the subject belongs to: by its key, or the only one."""
    members = named(holder, known, Place()).get(field)
    if not isinstance(members, list):
        return None
    inner = ROUTE if field == "routes" else TASK
    found = [each for each in members if isinstance(each, dict)]
    if len(found) == 1:
        return found[0]
    for each in found:
        key = named(each, inner, Place()).get("key")
        if isinstance(key, str | int) and subject and f"{subject}.".startswith(f"{key}."):
            return each
    keyless = all(named(each, inner, Place()).get("key") is None for each in found)
    number = subject.rpartition(".")[2]
    if field == "tasks" and keyless and number.isdecimal() and 0 < int(number) <= len(found):
        return found[int(number) - 1]
    return None
