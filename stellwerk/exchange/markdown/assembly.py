"""From an outline to a plan: values checked, refs resolved, invariants reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from stellwerk.domain.births import Births
from stellwerk.domain.goal import (
    Absence,
    Direction,
    Goal,
    GoalStatus,
    Person,
    Role,
    Source,
    SourceKind,
)
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.refs import PATTERN, PEOPLE, ROUTES, SWITCHES, RefBook, number_of
from stellwerk.domain.text import clean, slugify
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage, digest
from stellwerk.errors import ExchangeError, PlanError
from stellwerk.exchange.document import MAX_NUMBER, Document, refuse_uid
from stellwerk.exchange.markdown.markers import Fields
from stellwerk.exchange.markdown.outline import Entry, Outline

_WEEK: Final = (1, 2, 3, 4, 5)
_NAMED: Final = re.compile(r"\b[rdp]\d+(?:\.\w+)*")
Choice = TypeVar("Choice", bound=StrEnum)
Made = TypeVar("Made")


def assembled(outline: Outline, births: Births, extra: Mapping[str, Any]) -> Document:
    """Return the plan of an outline.

    Raises:
        ExchangeError: A value or ref is wrong, or a hard invariant is broken.
    """
    assembler = _Assembler(births, outline)
    goal = _goal(outline, births)
    former = outline.front.take("former_refs", dict, {})
    outline.front.finish()
    people = tuple(assembler.person(entry) for entry in outline.people)
    routes = tuple(assembler.route(entry) for entry in outline.routes)
    switches = tuple(assembler.switches())
    edges = tuple(sorted(assembler.edges()))
    ordered = tuple(sorted(people, key=lambda person: person.number))
    try:
        plan = Plan(goal, routes, edges, switches, ordered)
    except PlanError as error:
        where = assembler.place_of(error.message)
        raise ExchangeError(f"{where}: this plan cannot be: {error.message}") from error
    aliases = assembler.named_values(former) | assembler.moved(plan)
    book = RefBook(assembler.counters(), aliases)
    return Document(plan, assembler.notes, book.following(Plan(goal), plan), extra)


@dataclass(slots=True)
class _Assembler:
    """Makes items of entries, handing out uids and numbers where a person gave none."""

    births: Births
    outline: Outline
    uids: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    _switches: list[tuple[Entry, str]] = field(default_factory=list)
    _heads: list[tuple[Entry, str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Give every entry its uid first, so that any of them can name any other."""
        self._last = _counters(self.outline.front)
        for entry in _entries(self.outline):
            uid = entry.fields.take("uid", str, "") or self.births.new_uid()
            for word, name in (("ref", entry.ref), ("uid", uid)):
                if name in self._places:
                    msg = f"{entry.where}: the {word} {name} stands here for the second time."
                    hint = "Delete the marker of the copy; it gets a ref of its own."
                    raise ExchangeError(msg, hint)
            refuse_uid(entry.where, uid)
            if entry.ref:
                parent, number = _apart(entry.ref)
                self._last[parent] = max(number, self._last.get(parent, 0))
            entry.ref = entry.ref or f"new {uid}"
            self.uids[entry.ref] = uid
            self._places[entry.ref] = self._places[uid] = entry.where

    def route(self, entry: Entry) -> Route:
        """Return the route of an entry with its tasks."""
        uid, number, born = self._birth(entry, ROUTES)
        self._heads.append((entry, uid, entry.fields.texts("after")))
        kind = _choice(entry.fields, "kind", RouteKind, RouteKind.TRUNK)
        entry.fields.finish()
        self._switches += [(part, uid) for part in entry.parts if part.kind == "switch"]
        tasks = [part for part in entry.parts if part.kind == "task"]
        made = tuple(self._task(part, entry) for part in tasks)
        return Route(uid, number, entry.title, born, entry.text, kind, made)

    def switches(self) -> Iterator[Switch]:
        """Yield the switches, by number."""
        made = [self._switch(entry, route) for entry, route in self._switches]
        yield from sorted(made, key=lambda switch: switch.number)

    def edges(self) -> Iterator[Edge]:
        """Yield the edges that the routes name as `after`."""
        for entry, uid, after in self._heads:
            for ref in after:
                yield Edge(self._uid(entry, ref), uid)

    def person(self, entry: Entry) -> Person:
        """Return the person of an entry."""
        fields = entry.fields
        uid, number, born = self._birth(entry, PEOPLE)
        given, days = "weekdays" in fields.values, fields.numbers("weekdays")
        made = _checked(
            entry,
            lambda: Person(
                uid=uid,
                number=number,
                name=entry.title,
                born_at=born,
                role=_choice(fields, "role", Role, Role.COMPANION),
                direction=_choice(fields, "direction", Direction, Direction.WITH_ME),
                notes=entry.text,
                email=clean(fields.take("email", str, "")),
                capacity_hours=fields.optional("capacity_hours", float),
                weekdays=tuple(_day(fields, day) for day in days) if given else _WEEK,
                absences=tuple(_absences(fields)),
            ),
        )
        fields.finish()
        return made

    def counters(self) -> dict[str, int]:
        """Return what has been handed out, by uid instead of ref."""
        tops = {ROUTES: ROUTES, SWITCHES: SWITCHES, PEOPLE: PEOPLE}
        known = {**self.uids, **tops}
        return {known[ref]: number for ref, number in self._last.items() if ref in known}

    def moved(self, plan: Plan) -> dict[str, str]:
        """Return the refs in the document that the plan has replaced by others, to uids."""
        return {
            ref: uid
            for ref, uid in self.uids.items()
            if PATTERN.fullmatch(ref) and plan.ref(uid) != ref
        }

    def place_of(self, message: str) -> str:
        """Return where the first item that a message names stands, else the file."""
        places = (self._places.get(ref) for ref in _NAMED.findall(message))
        return next((place for place in places if place), self.outline.front.where)

    def named_values(self, former: Mapping[str, object]) -> dict[str, str]:
        """Return aliases to uids instead of refs."""
        pairs = ((ref, self.uids.get(str(now))) for ref, now in former.items())
        return {ref: uid for ref, uid in pairs if uid}

    def _task(self, entry: Entry, above: Entry) -> Task:
        uid, number, born = self._birth(entry, str(above.ref))
        entry.fields.finish()
        packages = tuple(self._package(part, entry) for part in entry.parts)
        return Task(uid, number, entry.title, born, entry.text, packages)

    def _package(self, entry: Entry, above: Entry) -> WorkPackage:
        fields = entry.fields
        uid, number, born = self._birth(entry, str(above.ref))
        needs = {self._uid(entry, ref) for ref in fields.texts("needs")}
        assignee = fields.optional("assignee", str)
        made = _checked(
            entry,
            lambda: WorkPackage(
                uid=uid,
                number=number,
                title=entry.title,
                born_at=born,
                notes=digest(entry.text),
                length=fields.take("length", int, 1),
                grade=fields.take("grade", int, 3),
                estimate=_estimate(fields),
                elapsed_days=_elapsed(fields),
                needs=tuple(sorted(needs)),
                assignee=self._uid(entry, assignee) if assignee else None,
                standing=_standing(entry),
            ),
        )
        fields.finish()
        if entry.text:
            self.notes[uid] = entry.text
        return made

    def _switch(self, entry: Entry, route: str) -> Switch:
        fields = entry.fields
        uid, number, born = self._birth(entry, SWITCHES)
        chosen, recommended = (fields.optional(n, str) for n in ("chosen", "recommended"))
        fields.finish()
        options = tuple(
            sorted((self._option(p, entry) for p in entry.parts), key=lambda o: o.number)
        )
        return Switch(
            *(uid, number, route, entry.title, born, entry.text, options),
            chosen=self._uid(entry, chosen) if chosen else None,
            recommended=self._uid(entry, recommended) if recommended else None,
        )

    def _option(self, entry: Entry, above: Entry) -> Option:
        uid, number, born = self._birth(entry, str(above.ref))
        head = self._uid(entry, entry.fields.take("to", str, ""))
        odds = entry.fields.optional("probability", float)
        entry.fields.finish()
        text = entry.text
        return _checked(
            entry, lambda: Option(uid, number, entry.title, head, born, text, odds)
        )

    def _birth(self, entry: Entry, parent: str) -> tuple[str, int, datetime]:
        """Return (uid, number, born_at); what moved or is new gets the next number.

        `parent` is the ref of what holds it, or `r`, `d`, `p`.
        """
        ref = str(entry.ref)
        above, number = _apart(ref) if PATTERN.fullmatch(ref) else ("", 0)
        if above != parent:
            number = self._last[parent] = self._last.get(parent, 0) + 1
        return self.uids[ref], number, entry.fields.moment("born") or self.births.now

    def _uid(self, entry: Entry, ref: str) -> str:
        if ref in self.uids:
            return self.uids[ref]
        msg = f"{entry.where}: {entry.title[:60]} names {ref[:60] or 'nothing'}, which is not here."
        raise ExchangeError(msg)


def _entries(outline: Outline) -> Iterator[Entry]:
    stack = [*reversed(outline.routes), *reversed(outline.people)]
    while stack:
        entry = stack.pop()
        yield entry
        stack += reversed(entry.parts)


def _goal(outline: Outline, births: Births) -> Goal:
    front, told = outline.front, outline.goal
    if not told.title:
        raise ExchangeError(
            f"{front.where}: the plan has no title: a line that starts with “# ”."
        )
    source = Fields(front.where, front.take("source", dict, {}))
    made = _checked(
        told,
        lambda: Goal(
            uid=front.take("uid", str, "") or births.new_uid(),
            slug=front.take("slug", str, "") or slugify(told.title),
            title=told.title,
            created_at=front.moment("created_at") or births.now,
            description=told.text,
            status=_choice(front, "status", GoalStatus, GoalStatus.PLANNED),
            language=front.take("language", str, "en"),
            target_date=front.optional("target_date", date),
            prologue=clean(front.take("prologue", str, "")),
            rallying_cry=clean(front.take("rallying_cry", str, "")),
            source=Source(
                _choice(source, "kind", SourceKind, SourceKind.MANUAL),
                clean(source.take("provider", str, "")),
                clean(source.take("model", str, "")),
                source.texts("prompts"),
            ),
            unit_hours=front.take("unit_hours", float, 1.0),
            quality=front.optional("quality", float),
        ),
    )
    source.finish()
    refuse_uid(front.where, made.uid)
    return made


def _counters(front: Fields) -> dict[str, int]:
    """Take the highest numbers handed out, by ref of what they were handed out under."""
    table = front.take("handed_out", dict, {})
    for ref, number in table.items():
        if type(number) is not int or not 0 <= number <= MAX_NUMBER:
            msg = f"{front.where}: handed_out: {ref} must be a whole number from 0 on."
            raise ExchangeError(msg)
    return dict(table)


def _apart(ref: str) -> tuple[str, int]:
    """Return (ref of the parent or `r`, `d`, `p`; number) of a ref."""
    parent, dot, last = ref.rpartition(".")
    if not dot:
        parent, last = ref[:1], ref[1:]
    return parent, int(last) if last.isdigit() else number_of(last)


def _standing(entry: Entry) -> Standing:
    """Return the standing; what somebody did to the box wins over what the marker says.

    A marker without a status stands for a box as it was exported: an empty one is to do,
    so one that was emptied by hand is no longer finished.
    """
    fields = entry.fields
    written = "status" in fields.values
    said = _choice(fields, "status", Status, Status.TODO)
    standing = Standing(
        status=Status.DONE if entry.ticked else said,
        started_at=fields.moment("started"),
        finished_at=fields.moment("finished"),
        spent_hours=fields.optional("spent_hours", float),
        waiting_for=clean(fields.take("waiting_for", str, "")),
        reason=clean(fields.take("reason", str, "")),
    )
    if entry.ticked or written:
        return standing
    return Standing(started_at=standing.started_at, spent_hours=standing.spent_hours)


def _estimate(fields: Fields) -> ThreePoint | None:
    hours = fields.numbers("estimate")
    if not hours:
        return None
    if len(hours) != 3:
        raise ExchangeError(f"{fields.where}: estimate must be [P10, P50, P90] in hours.")
    return ThreePoint(*hours)


def _elapsed(fields: Fields) -> int | None:
    days = fields.optional("elapsed_days", int)
    if days is not None and days > MAX_NUMBER:
        raise ExchangeError(f"{fields.where}: elapsed_days is too large a number.")
    return days


def _absences(fields: Fields) -> Iterator[Absence]:
    for pair in fields.take("absences", list, []):
        if not isinstance(pair, list) or [type(day) for day in pair] != [date, date]:
            raise ExchangeError(f"{fields.where}: absences must be pairs of dates.")
        yield Absence(*pair)


def _day(fields: Fields, day: float) -> int:
    if not day.is_integer():
        raise ExchangeError(f"{fields.where}: weekdays must be numbers from 1 to 7.")
    return int(day)


def _choice(fields: Fields, name: str, kind: type[Choice], default: Choice) -> Choice:
    value = fields.take(name, str, default.value)
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        msg = f"{fields.where}: {name} must be one of {known}, not {value!r}."
        raise ExchangeError(msg) from None


def _checked(entry: Entry, make: Callable[[], Made]) -> Made:
    """Make an item; what its own rules refuse is reported with its line."""
    try:
        return make()
    except PlanError as error:
        msg = f"{entry.where}: {entry.title[:60]}: {error.message}"
        raise ExchangeError(msg) from error
