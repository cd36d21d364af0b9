"""Drafts made into a plan: numbers and uids handed out, fields written as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Goal, Person, Source
from stellwerk.domain.notes import RISK_ARROW, Part, bulleted, numbered, tidy, written
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.text import one_line, slugify
from stellwerk.domain.work import Task, ThreePoint, WorkPackage, digest
from stellwerk.errors import PlanError, ProviderError
from stellwerk.planning.drafts import (
    DecisionDraft,
    HoursDraft,
    PackageDraft,
    RouteDraft,
    SourceDraft,
    StructureDraft,
)
from stellwerk.planning.enriching import Chapter, Needs, resolved_needs
from stellwerk.planning.wish import Wish


@dataclass(frozen=True, slots=True)
class Composition:
    """A plan and the texts of its notes by package uid."""

    plan: Plan
    notes: dict[str, str]


def skeleton(wish: Wish, structure: StructureDraft) -> Plan:
    """Return the plan of a structure alone: routes, edges and switches, to be looked at.

    Raises:
        ProviderError: It names routes it does not have, or breaks a hard invariant.
    """
    numbers = count(1)
    births = Births(datetime.min.replace(tzinfo=UTC), lambda: f"{next(numbers):032x}")
    return _Composer(births, wish.language).line(wish, structure, (), Source())


def composed(
    wish: Wish,
    structure: StructureDraft,
    chapters: Sequence[Chapter],
    source: Source,
    births: Births,
) -> Composition:
    """Return the plan of all drafts together (ProviderError as `skeleton`)."""
    composer = _Composer(births, wish.language)
    plan = composer.line(wish, structure, chapters, source)
    return Composition(plan, composer.notes)


class _Composer:
    """Knows which uid each key got."""

    def __init__(self, births: Births, language: str) -> None:
        self._births = births
        self._language = language
        self._uids: dict[str, str] = {}
        self.notes: dict[str, str] = {}

    def line(
        self,
        wish: Wish,
        structure: StructureDraft,
        chapters: Sequence[Chapter],
        source: Source,
    ) -> Plan:
        """Return the whole plan; the goal is born first, so a run knows it before any answer."""
        try:
            goal = self._goal(wish, structure, source)
            by_key = {chapter.route.key: chapter for chapter in chapters}
            routes = tuple(
                self._route(draft, number, by_key.get(draft.key))
                for number, draft in enumerate(structure.routes, 1)
            )
            edges = tuple(
                sorted(
                    {Edge(self._uid(e.before), self._uid(e.after)) for e in structure.edges}
                )
            )
            switches = tuple(
                self._switch(draft, number)
                for number, draft in enumerate(structure.decisions, 1)
            )
            people = tuple(
                self._person(name, number) for number, name in _counted(wish.people)
            )
            needs = resolved_needs(structure, chapters)
            return Plan(
                goal,
                tuple(self._with_needs(route, needs) for route in routes),
                edges,
                switches,
                people,
            )
        except PlanError as error:
            raise ProviderError(f"The drafts make no plan: {error.message}") from error

    def _goal(self, wish: Wish, structure: StructureDraft, source: Source) -> Goal:
        told = [wish.description, structure.description]
        if wish.context:
            told.append(wish.context)
        return Goal(
            uid=self._births.new_uid(),
            slug=slugify(wish.title),
            title=wish.title,
            created_at=self._births.now,
            description="\n\n".join(part.strip() for part in told if part.strip()),
            language=wish.language,
            prologue=structure.prologue,
            rallying_cry=one_line(structure.rallying_cry),
            source=source,
            unit_hours=structure.unit_hours,
        )

    def _route(self, draft: RouteDraft, number: int, chapter: Chapter | None) -> Route:
        tasks = tuple(self._tasks(chapter)) if chapter else ()
        return Route(
            uid=self._born(draft.key),
            number=number,
            title=one_line(draft.title),
            born_at=self._births.now,
            description=draft.description,
            kind=RouteKind(draft.kind),
            tasks=tasks,
        )

    def _tasks(self, chapter: Chapter) -> Iterator[Task]:
        pairs = zip(chapter.tasks.tasks, chapter.packages, strict=True)
        for number, (draft, packages) in enumerate(pairs, 1):
            drafts = packages.packages if packages else ()
            made = tuple(self._package(each, n) for n, each in _counted(drafts))
            title = one_line(draft.title)
            yield Task(
                *(self._born(draft.key), number, title, self._births.now, draft.description),
                made,
            )

    def _package(self, draft: PackageDraft, number: int) -> WorkPackage:
        uid = self._born(draft.key)
        self.notes[uid] = text = written_notes(draft, self._language)
        return WorkPackage(
            uid=uid,
            number=number,
            title=one_line(draft.title),
            born_at=self._births.now,
            notes=digest(text),
            length=draft.length,
            grade=draft.grade,
            estimate=estimate(draft.hours),
            elapsed_days=draft.elapsed_days,
        )

    def _with_needs(self, route: Route, needs: Needs) -> Route:
        """Return the route with the needs of its packages, once every key has a uid."""
        wanted = {
            self._uid(key): tuple(sorted({self._uid(on) for on in ons}))
            for key, ons in needs.items()
        }
        tasks = tuple(
            replace(
                task,
                packages=tuple(replace(p, needs=wanted.get(p.uid, ())) for p in task.packages),
            )
            for task in route.tasks
        )
        return replace(route, tasks=tasks)

    def _switch(self, draft: DecisionDraft, number: int) -> Switch:
        now = self._births.now
        options = tuple(
            Option(
                uid=self._births.new_uid(),
                number=count,
                label=one_line(option.label),
                head=self._uid(option.to),
                born_at=now,
                tradeoff=option.tradeoff,
                probability=option.probability,
            )
            for count, option in _counted(draft.options)
        )
        pairs = zip(options, draft.options, strict=True)
        recommended = next((o.uid for o, told in pairs if told.to == draft.recommended), None)
        return Switch(
            uid=self._births.new_uid(),
            number=number,
            route=self._uid(draft.at),
            title=one_line(draft.title),
            born_at=now,
            prompt=draft.prompt,
            options=options,
            recommended=recommended,
        )

    def _person(self, name: str, number: int) -> Person:
        return Person(self._births.new_uid(), number, name, self._births.now)

    def _born(self, key: str) -> str:
        if key in self._uids:
            raise ProviderError(f"The drafts use the key {key!r} twice.")
        self._uids[key] = self._births.new_uid()
        return self._uids[key]

    def _uid(self, key: str) -> str:
        try:
            return self._uids[key]
        except KeyError:
            raise ProviderError(f"The drafts name {key!r}, which they do not have.") from None


def written_notes(draft: PackageDraft, language: str) -> str:
    """Return the notes of a package as Markdown."""
    risks = tuple(
        f"{one_line(r.risk)}{RISK_ARROW}{one_line(r.mitigation)}" for r in draft.risks
    )
    bodies = {
        Part.SUMMARY: draft.summary.strip(),
        Part.STEPS: numbered(_lines(draft.steps)),
        Part.CRITERIA: bulleted(_lines(draft.done_when), "- [ ]"),
        Part.RISKS: bulleted(risks),
        Part.SOURCES: bulleted(tuple(_link(source) for source in draft.sources)),
        Part.IMAGES: bulleted(tuple(_link(image) for image in draft.images)),
    }
    return tidy(written(bodies, language))


def _lines(items: Sequence[str]) -> tuple[str, ...]:
    return tuple(one_line(item) for item in items)


def _link(source: SourceDraft) -> str:
    title = one_line(source.title)
    return f"{one_line(source.url)} ({title})" if title else one_line(source.url)


def estimate(hours: HoursDraft | None) -> ThreePoint | None:
    """Return the estimate in a draft, its percentiles put in order."""
    return ThreePoint(*sorted((hours.p10, hours.p50, hours.p90))) if hours else None


def _counted(items: Sequence[object]) -> Iterator[tuple[int, Any]]:
    return enumerate(items, 1)
