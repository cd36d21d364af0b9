"""From an outline to a plan: values checked, refs resolved, invariants reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

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
from stellwerk.domain.refs import PEOPLE, ROUTES, SWITCHES, RefBook, number_of
from stellwerk.domain.text import clean, slugify
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage, digest
from stellwerk.errors import ExchangeError, PlanError
from stellwerk.exchange.document import Document
from stellwerk.exchange.markdown.markers import Fields
from stellwerk.exchange.markdown.outline import Entry, Outline

Choice = TypeVar("Choice", bound=StrEnum)
Made = TypeVar("Made")


def assembled(outline: Outline, births: Births, extra: Mapping[str, Any]) -> Document:
    """Return the plan of an outline.

    Raises:
        ExchangeError: A value or ref is wrong, or a hard invariant is broken.
    """
    assembler = _Assembler(births, outline)
    goal = _goal(outline, births)
    handed_out = _counters(outline.front)
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
        msg = f"{outline.front.where} holds a plan that cannot be: {error.message}"
        raise ExchangeError(msg) from error
    book = RefBook(assembler.named(handed_out), assembler.named_values(former))
    return Document(plan, assembler.notes, book.following(Plan(goal), plan), extra)


@dataclass(slots=True)
class _Assembler:
    """Makes items of entries, handing out uids and numbers where a person gave none."""

    births: Births
    outline: Outline
    uids: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _switches: list[tuple[Entry, str]] = field(default_factory=list)
    _heads: list[tuple[Entry, str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Give every entry its uid first, so that any of them can name any other."""
        for entry in _entries(self.outline):
            uid = entry.fields.take("uid", str, "") or self.births.new_uid()
            if entry.ref in self.uids:
                msg = f"{entry.where}: the ref {entry.ref} stands here for the second time."
                raise ExchangeError(
                    msg, "Delete the marker of the copy; it gets a ref of its own."
                )
            entry.ref = entry.ref or f"new {uid}"
            self.uids[entry.ref] = uid

    def route(self, entry: Entry) -> Route:
        """Return the route of an entry with its tasks."""
        uid, number, born = self._birth(entry, ROUTES, "r")
        self._heads.append((entry, uid, entry.fields.texts("after")))
        kind = _choice(entry.fields, "kind", RouteKind, RouteKind.TRUNK)
        entry.fields.finish()
        self._switches += [(part, uid) for part in entry.parts if part.kind == "switch"]
        tasks = [part for part in entry.parts if part.kind == "task"]
        made = tuple(self._task(part, entry, uid) for part in tasks)
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
        uid, number, born = self._birth(entry, PEOPLE, "p")
        days = tuple(int(day) for day in fields.numbers("weekdays"))
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
                weekdays=days or (1, 2, 3, 4, 5),
                absences=tuple(_absences(fields)),
            ),
        )
        fields.finish()
        return made

    def named(self, last: Mapping[str, int]) -> dict[str, int]:
        """Return counters by uid instead of ref."""
        tops = {ROUTES: ROUTES, SWITCHES: SWITCHES, PEOPLE: PEOPLE}
        known = {**self.uids, **tops}
        return {known[ref]: number for ref, number in last.items() if ref in known}

    def named_values(self, former: Mapping[str, object]) -> dict[str, str]:
        """Return aliases to uids instead of refs."""
        pairs = ((ref, self.uids.get(str(now))) for ref, now in former.items())
        return {ref: uid for ref, uid in pairs if uid}

    def _task(self, entry: Entry, above: Entry, route: str) -> Task:
        uid, number, born = self._birth(entry, route, f"{above.ref}.")
        entry.fields.finish()
        packages = tuple(self._package(part, entry, uid) for part in entry.parts)
        return Task(uid, number, entry.title, born, entry.text, packages)

    def _package(self, entry: Entry, above: Entry, task: str) -> WorkPackage:
        fields = entry.fields
        uid, number, born = self._birth(entry, task, f"{above.ref}.")
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
                elapsed_days=fields.optional("elapsed_days", int),
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
        uid, number, born = self._birth(entry, SWITCHES, "d")
        chosen, recommended = (fields.optional(n, str) for n in ("chosen", "recommended"))
        fields.finish()
        options = tuple(
            sorted((self._option(p, entry, uid) for p in entry.parts), key=lambda o: o.number)
        )
        return Switch(
            *(uid, number, route, entry.title, born, entry.text, options),
            chosen=self._uid(entry, chosen) if chosen else None,
            recommended=self._uid(entry, recommended) if recommended else None,
        )

    def _option(self, entry: Entry, above: Entry, switch: str) -> Option:
        uid, number, born = self._birth(entry, switch, f"{above.ref}.")
        head = self._uid(entry, entry.fields.take("to", str, ""))
        odds = entry.fields.optional("probability", float)
        entry.fields.finish()
        text = entry.text
        return _checked(
            entry, lambda: Option(uid, number, entry.title, head, born, text, odds)
        )

    def _birth(self, entry: Entry, parent: str, prefix: str) -> tuple[str, int, datetime]:
        """Return (uid, number, born_at); what moved or is new gets the next number."""
        ref = str(entry.ref)
        last = ref.removeprefix(prefix)
        here = ref.startswith(prefix) and (last.isdigit() or last.isalpha())
        number = (int(last) if last.isdigit() else number_of(last)) if here else None
        if number is None:
            number = self._next(parent, prefix)
        born = entry.fields.optional("born", datetime) or self.births.now
        if born.tzinfo is None:
            raise ExchangeError(f"{entry.where}: born must be a time with its zone.")
        self._numbers[parent] = max(number, self._numbers.get(parent, 0))
        return self.uids[ref], number, born

    def _next(self, parent: str, prefix: str) -> int:
        """Return a number above all that the document or its counters show."""
        shown = [ref.removeprefix(prefix) for ref in self.uids if ref.startswith(prefix)]
        seen = [int(last) for last in shown if last.isdigit()]
        seen += [number_of(last) for last in shown if last.isalpha()]
        handed_out = _counters(self.outline.front, keep=True).get(
            prefix.rstrip(".") or parent, 0
        )
        return max([*seen, handed_out, self._numbers.get(parent, 0)]) + 1

    def _uid(self, entry: Entry, ref: str) -> str:
        if ref in self.uids:
            return self.uids[ref]
        msg = f"{entry.where}: {entry.title[:60]} names {ref or 'nothing'}, which is not here."
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
        raise ExchangeError(f"{front.where} has no title: a line that starts with “# ”.")
    source = Fields(front.where, front.take("source", dict, {}))
    return _checked(
        told,
        lambda: Goal(
            uid=front.take("uid", str, "") or births.new_uid(),
            slug=front.take("slug", str, "") or slugify(told.title),
            title=told.title,
            created_at=front.optional("created_at", datetime) or births.now,
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


def _counters(front: Fields, *, keep: bool = False) -> dict[str, int]:
    table = front.values.get("handed_out", {}) if keep else front.take("handed_out", dict, {})
    numbers = table.items() if isinstance(table, dict) else ()
    return {ref: number for ref, number in numbers if isinstance(number, int)}


def _standing(entry: Entry) -> Standing:
    """Return the standing; a ticked box wins over what the marker says."""
    fields = entry.fields
    said = _choice(fields, "status", Status, Status.TODO)
    return Standing(
        status=Status.DONE if entry.ticked else said,
        started_at=fields.optional("started", datetime),
        finished_at=fields.optional("finished", datetime),
        spent_hours=fields.optional("spent_hours", float),
        waiting_for=clean(fields.take("waiting_for", str, "")),
        reason=clean(fields.take("reason", str, "")),
    )


def _estimate(fields: Fields) -> ThreePoint | None:
    hours = fields.numbers("estimate")
    if not hours:
        return None
    if len(hours) != 3:
        raise ExchangeError(f"{fields.where}: estimate must be [P10, P50, P90] in hours.")
    return ThreePoint(*hours)


def _absences(fields: Fields) -> Iterator[Absence]:
    for pair in fields.take("absences", list, []):
        if not isinstance(pair, list) or not all(isinstance(day, date) for day in pair):
            raise ExchangeError(f"{fields.where}: absences must be pairs of dates.")
        yield Absence(pair[0], pair[-1])


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
