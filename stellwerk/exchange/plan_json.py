"""Plans as JSON: lossless, one value a line, notes as lists of lines, so diffs stay small."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Edge, Item, Plan, Route, Switch, title_of
from stellwerk.domain.refs import PEOPLE, ROUTES, SWITCHES, RefBook
from stellwerk.domain.text import clean, one_line
from stellwerk.domain.values import to_data
from stellwerk.domain.work import WorkPackage, digest
from stellwerk.errors import ExchangeError, PlanError
from stellwerk.exchange.document import (
    MAX_ITEMS,
    MAX_NUMBER,
    Document,
    refuse_size,
    refuse_uid,
)

FORMAT: Final = "stellwerk.plan"
VERSION: Final = 2
_LINES: Final = frozenset({"title", "label", "name", "email"})
_UIDS: Final = frozenset(
    {"uid", "tail", "head", "route", "needs", "assignee", "chosen", "recommended"}
)
_SHOWN: Final = 5


class Refs(BaseModel):
    """Refs handed out: the highest number under each parent, and refs before moves."""

    model_config = ConfigDict(extra="forbid", strict=True)
    last: dict[str, Annotated[int, Field(ge=0, le=MAX_NUMBER)]] = Field(default_factory=dict)
    aliases: dict[str, str] = Field(default_factory=dict)


class PlanFile(BaseModel):
    """The whole file. Notes are lists of lines; everything else is as in the reference."""

    model_config = ConfigDict(extra="forbid", strict=True)
    format: Literal["stellwerk.plan"]
    version: Literal[2]
    goal: Goal
    routes: tuple[Route, ...] = ()
    edges: tuple[Edge, ...] = ()
    switches: tuple[Switch, ...] = ()
    people: tuple[Person, ...] = ()
    refs: Refs = Field(default_factory=Refs)


class PlanJson:
    """Exporter and importer of the format."""

    name = "json"
    suffixes = (".json",)

    def files(self, document: Document, *, folder: bool) -> dict[str, str]:
        """Return the one file there is, in a folder or not."""
        del folder
        return {"plan.json": written(document)}

    def read(self, files: Mapping[str, str], births: Births) -> Document:
        """Return the plan in the only file, or in `plan.json`."""
        del births
        name = "plan.json" if "plan.json" in files else next(iter(files))
        return parsed(name, files[name])


EXPORTER: Final = PlanJson()
IMPORTER: Final = PlanJson()


def written(document: Document) -> str:
    """Return a plan as JSON text; the same plan gives the same bytes."""
    data = _plain(to_data(document.plan))
    for package in _packages(data):
        text = tidy(document.notes.get(package["uid"], ""))
        package["notes"] = text.split("\n")[:-1]
    refs = {
        "last": dict(sorted(document.book.last.items())),
        "aliases": dict(sorted(document.book.aliases.items())),
    }
    whole = {"format": FORMAT, "version": VERSION, **data, "refs": refs}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def parsed(name: str, text: str) -> Document:
    """Return the plan in JSON text.

    Raises:
        ExchangeError: It is not JSON, not this format, or a plan that cannot be.
    """
    refuse_size(name, text)
    data = _loaded(name, text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        msg = f"{name} is not a Stellwerk plan: it lacks format = {FORMAT!r}."
        raise ExchangeError(msg, "Plans are exported with `stellwerk export --format json`.")
    if data.get("version") != VERSION:
        found = data.get("version")
        msg = f"{name} has version {found!r} of the format; this Stellwerk reads {VERSION}."
        raise ExchangeError(msg, "Upgrade Stellwerk, or export the plan again.")
    notes = _notes(name, data)
    try:
        file = PlanFile.model_validate_json(json.dumps(data))
        plan = _sorted(file)
    except ValidationError as error:
        raise ExchangeError(f"{name} is not a valid plan: {_told(error)}") from error
    except PlanError as error:
        msg = f"{name} holds a plan that cannot be: {error.message}"
        raise ExchangeError(msg) from error
    for uid in (plan.goal.uid, *plan.index.items):
        refuse_uid(name, uid)
    for problem in _unfit(plan):
        raise ExchangeError(f"{name} is not a valid plan: {problem}.")
    book = RefBook(file.refs.last, file.refs.aliases)
    return Document(plan, notes, book.following(Plan(plan.goal), plan))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the format (draft 2020-12)."""
    schema = PlanFile.model_json_schema()
    notes = {"type": "array", "items": {"type": "string"}, "title": "Notes"}
    schema["$defs"]["WorkPackage"]["properties"]["notes"] = notes
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def reborn(document: Document, births: Births) -> Document:
    """Return a copy of a plan with fresh uids throughout: a plan of its own."""
    plan = document.plan
    fresh = {uid: births.new_uid() for uid in (plan.goal.uid, *plan.index.items)}
    renamed = _renamed(json.loads(written(document)), fresh)
    known = {ROUTES: ROUTES, SWITCHES: SWITCHES, PEOPLE: PEOPLE, **fresh}
    last, aliases = document.book.last.items(), document.book.aliases.items()
    renamed["refs"] = {
        "last": {known[parent]: number for parent, number in last if parent in known},
        "aliases": {ref: fresh[uid] for ref, uid in aliases if uid in fresh},
    }
    return replace(parsed("the copy", json.dumps(renamed)), extra=document.extra)


def _sorted(file: PlanFile) -> Plan:
    """Return the plan with what a plan keeps sorted in its order."""
    routes = tuple(
        replace(r, tasks=tuple(_needs_sorted(t) for t in r.tasks)) for r in file.routes
    )
    switches = (
        replace(s, options=tuple(sorted(s.options, key=lambda o: o.number)))
        for s in file.switches
    )
    return Plan(
        file.goal,
        routes,
        tuple(sorted(file.edges)),
        tuple(sorted(switches, key=lambda switch: switch.number)),
        tuple(sorted(file.people, key=lambda person: person.number)),
    )


def _needs_sorted(task: Any) -> Any:
    packages = (replace(p, needs=tuple(sorted(p.needs))) for p in task.packages)
    return replace(task, packages=tuple(packages))


def _unfit(plan: Plan) -> Iterator[str]:
    """Yield what a plan can hold but no ref, store or clock can take."""
    times = [("the goal", plan.goal.created_at)]
    if not plan.goal.title:
        yield "the goal has no title"
    for uid, item in plan.index.items.items():
        ref = plan.ref(uid)
        if not 1 <= item.number <= MAX_NUMBER:
            yield f"the number of {ref} is not from 1 to {MAX_NUMBER:,}"
        if not title_of(item):
            yield f"{ref} has no title"
        if isinstance(item, WorkPackage) and (item.elapsed_days or 0) > MAX_NUMBER:
            yield f"the elapsed days of {ref} are more than {MAX_NUMBER:,}"
        times += ((ref, time) for time in _times(item))
    for ref, time in times:
        if time.utcoffset() != timedelta(0):
            yield f"a time of {ref} is not UTC (2026-01-01T09:00:00Z): {time.isoformat()}"


def _times(item: Item) -> Iterator[datetime]:
    yield item.born_at
    if isinstance(item, WorkPackage):
        yield from filter(None, (item.standing.started_at, item.standing.finished_at))


def _notes(name: str, data: dict[str, Any]) -> dict[str, str]:
    """Take the notes out of the data, leaving their digests."""
    notes = {}
    for count, package in enumerate(_packages(data)):
        if count > MAX_ITEMS:
            raise ExchangeError(f"{name} has more than {MAX_ITEMS:,} work packages.")
        lines = package.get("notes", [])
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise ExchangeError(
                f"{name}: the notes of a work package must be a list of lines."
            )
        text = tidy("\n".join(lines))
        package["notes"] = digest(text)
        if text:
            notes[str(package.get("uid"))] = text
    return notes


def _packages(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield whatever stands where work packages should."""
    for route in _dicts(data.get("routes")):
        for task in _dicts(route.get("tasks")):
            yield from _dicts(task.get("packages"))


def _dicts(value: object) -> list[dict[str, Any]]:
    return (
        [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    )


def _loaded(name: str, text: str) -> Any:
    try:
        return _clean(json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        msg = f"{name}:{error.lineno}: this is not JSON: {error.msg}."
        raise ExchangeError(msg) from error
    except RecursionError:
        raise ExchangeError(f"{name} is nested too deeply to be a plan.") from None
    except ValueError as error:
        raise ExchangeError(f"{name} is not JSON that can be read: {error}.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:40]!r} stands twice in one object")
    return table


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _clean(value: Any, key: str = "") -> Any:
    """Return JSON data with every string cleaned; names and titles on one line."""
    if isinstance(value, str):
        return one_line(value) if key in _LINES else clean(value)
    if isinstance(value, list):
        return [_clean(each, key) for each in value]
    if isinstance(value, dict):
        return {clean(name): _clean(each, name) for name, each in value.items()}
    return value


def _plain(value: Any) -> Any:
    """Return data without the class names that the journal needs."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if key != "is"}
    return value


def _renamed(value: Any, names: Mapping[str, str], key: str = "") -> Any:
    """Return JSON data with other uids, wherever a field holds one."""
    if isinstance(value, str):
        return names.get(value, value) if key in _UIDS else value
    if isinstance(value, list):
        return [_renamed(each, names, key) for each in value]
    if isinstance(value, dict):
        return {name: _renamed(each, names, name) for name, each in value.items()}
    return value


def _told(error: ValidationError) -> str:
    """Return the first problems in words, each with its place."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = [
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
        for each in found[:_SHOWN]
    ]
    more = len(found) - _SHOWN
    return "; ".join(told) + (f"; and {more} more." if more > 0 else ".")
