"""Writing stored work packages anew with a model: what it answers becomes edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Estimate, Rename, Resize, Rewrite
from stellwerk.domain.edits.items import Add, Need, Remove, Unneed
from stellwerk.domain.edits.surgery import place
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.notes import Notes, Part, parse, tidy
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import RefBook
from stellwerk.domain.text import one_line
from stellwerk.domain.work import Task, WorkPackage, digest
from stellwerk.planning.asking import Panel
from stellwerk.planning.composing import estimate, written_notes
from stellwerk.planning.drafts import HoursDraft, PackageDraft, RiskDraft, SourceDraft
from stellwerk.planning.keeping import rewritten_notes, strange_sections
from stellwerk.planning.stages.expand import expanded, further_packages, structure_of
from stellwerk.planning.stages.packages import task_packages
from stellwerk.planning.stages.refine import refined
from stellwerk.planning.stages.tasks import route_tasks
from stellwerk.planning.wish import CAPS, Wish
from stellwerk.validation.findings import Subject


class _Born(NamedTuple):
    draft: PackageDraft
    uid: str


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Has models write work packages anew; a question nobody answers changes nothing.

    Attributes:
        panel: Who is asked.
        wish: What the plan is for.
        subject: The plan.
        book: Refs handed out so far.
        births: Identity and time of what is born.
    """

    panel: Panel
    wish: Wish
    subject: Subject
    book: RefBook
    births: Births
    _last: dict[str, int] = field(default_factory=dict)

    async def rewritten(self, package: str, problems: Sequence[str]) -> Edit | None:
        """Return the edit after which a work package no longer has some problems."""
        old, text = self._package(package)
        asked = draft_of(self.subject.plan, old, text)
        answer = await refined(self.panel, self.wish, asked, problems)
        edits = list(_rewriting(old, text, asked, answer.draft, self.wish.language))
        return Batch(tuple(edits), "rewrote", package) if edits else None

    async def divided(self, package: str, problems: Sequence[str]) -> Edit | None:
        """Return the edit that puts several smaller work packages in the place of one."""
        plan = self.subject.plan
        old, text = self._package(package)
        asked = draft_of(plan, old, text)
        unit = plan.goal.unit_hours
        around = _place(plan, package)
        answer = await expanded(self.panel, self.wish, asked, problems, around, unit)
        edits = _dividing(self, old, text, answer.draft.packages)
        return Batch(tuple(edits), f"divided {plan.name(package)}")

    async def extended(self, task: str, problems: Sequence[str]) -> Edit | None:
        """Return the edit that adds the work packages that a task lacks."""
        plan = self.subject.plan
        item = plan.item(task)
        assert isinstance(item, Task)
        answer = await further_packages(self.panel, self.wish, plan, item, problems)
        edits = _adding(self, item, answer.draft.packages)
        return Batch(tuple(edits), f"extended {plan.name(task)}")

    async def laid_out(self, route: str, problems: Sequence[str] = ()) -> Edit | None:
        """Return the edit that gives a route without tasks its tasks and work packages.

        Args:
            route: Its uid.
            problems: What to mind, a sentence each.
        """
        plan, births = self.subject.plan, self.births
        structure = structure_of(plan)
        shown = next(each for each in structure.routes if each.key == plan.ref(route))
        told = "\n".join([shown.description, *problems]).strip()
        shown = shown.model_copy(update={"description": told})
        tasks = await route_tasks(self.panel, self.wish, structure, shown, CAPS)
        edits: list[Edit] = []
        first = self.numbers(route, len(tasks.draft.tasks))
        for at, draft in enumerate(tasks.draft.tasks):
            made = await task_packages(
                self.panel, self.wish, structure, shown, tasks.draft, draft, CAPS
            )
            task = Task(
                *(births.new_uid(), first + at, one_line(draft.title), births.now),
                description=draft.description,
            )
            edits.append(Add(task, route, at))
            edits += _adding(self, task, made.draft.packages)
        return Batch(tuple(edits), f"laid out {plan.name(route)}") if edits else None

    def numbers(self, parent: str, count: int) -> int:
        """Return the first of so many numbers under a parent that nobody else is given."""
        first = max(self.book.next(parent), self._last.get(parent, 0) + 1)
        self._last[parent] = first + count - 1
        return first

    def born(self, drafts: Sequence[PackageDraft]) -> list[_Born]:
        """Return drafts with identities for the work packages they become."""
        return [_Born(draft, self.births.new_uid()) for draft in drafts]

    def _package(self, uid: str) -> tuple[WorkPackage, str]:
        return self.subject.plan.package(uid), self.subject.notes.get(uid, "")


def draft_of(plan: Plan, package: WorkPackage, text: str) -> PackageDraft:
    """Return a work package as the draft it could have been made of.

    What it lacks, a draft would have to have: nothing is checked.
    """
    notes, hours = parse(text), package.estimate
    told = (hours.p10, hours.p50, hours.p90) if hours else ()
    return PackageDraft.model_construct(
        key=plan.ref(package.uid),
        title=package.title,
        summary=notes.summary,
        steps=list(notes.steps),
        done_when=[each for _, each in notes.criteria],
        risks=[RiskDraft(risk=risk, mitigation=answer) for risk, answer in notes.risks],
        sources=list(_links(notes, Part.SOURCES, notes.sources)),
        images=list(_links(notes, Part.IMAGES, notes.images)),
        length=package.length,
        grade=package.grade,
        hours=HoursDraft(p10=told[0], p50=told[1], p90=told[2]) if told else None,
        elapsed_days=package.elapsed_days,
        needs=[plan.ref(uid) for uid in package.needs],
    )


def _links(notes: Notes, part: Part, urls: Sequence[str]) -> Iterator[SourceDraft]:
    lines = notes.body(part).splitlines()
    for url in urls:
        line = next((each for each in lines if url in each), "")
        title = line.partition(url)[2].strip().removeprefix("(").removesuffix(")")
        yield SourceDraft(url=url, title=title)


def _rewriting(
    old: WorkPackage, text: str, asked: PackageDraft, draft: PackageDraft, language: str
) -> Iterator[Edit]:
    """Yield the edits that make a work package what a draft says; none for what is the same.

    Args:
        old: The work package.
        text: Its notes.
        asked: The draft it could have been made of.
        draft: What became of that.
        language: Of headings.
    """
    new = rewritten_notes(text, asked, draft, language)
    if new != text:
        yield Rewrite(old.uid, text, new)
    if (title := one_line(draft.title)) != old.title:
        yield Rename(old.uid, title)
    if (draft.length, draft.grade) != (old.length, old.grade):
        yield Resize(old.uid, draft.length, draft.grade)
    hours = estimate(draft.hours) or old.estimate
    if (hours, draft.elapsed_days) != (old.estimate, old.elapsed_days):
        yield Estimate(old.uid, hours, draft.elapsed_days)


def _dividing(
    writer: ModelWriter, old: WorkPackage, text: str, drafts: Sequence[PackageDraft]
) -> Iterator[Edit]:
    """Yield the edits that put new work packages where an old one was.

    The first needs what the old one needed, what needed the old one needs them all. What
    notes have beyond their six sections goes to the first.
    """
    plan, born = writer.subject.plan, writer.born(drafts)
    parent, position = place(plan, old.uid)
    needing = [each.uid for each in plan.packages if old.uid in each.needs]
    yield from (Unneed(uid, old.uid) for uid in needing)
    yield from (Unneed(old.uid, on) for on in old.needs)
    bare = replace(old, needs=())
    yield Remove(bare, parent, position, {old.uid: text} if text else {})
    more = strange_sections(text)
    yield from _added(writer, parent, position, born, old.assignee, more)
    yield from _needs(born, old.needs)
    yield from (Need(uid, each.uid) for uid in needing for each in born)


def _adding(writer: ModelWriter, task: Task, drafts: Sequence[PackageDraft]) -> Iterator[Edit]:
    """Yield the edits that add work packages to the end of a task."""
    born = writer.born(drafts)
    yield from _added(writer, task.uid, len(task.packages), born)
    yield from _needs(born)


def _added(
    writer: ModelWriter,
    task: str,
    position: int,
    born: Sequence[_Born],
    assignee: str | None = None,
    more: str = "",
) -> Iterator[Edit]:
    """Yield the births of work packages, one behind the other; notes go on in the first."""
    first = writer.numbers(task, len(born))
    for at, (draft, uid) in enumerate(born):
        note = written_notes(draft, writer.wish.language)
        if more and not at:
            note = tidy(f"{note}\n{more}")
        made = WorkPackage(
            uid=uid,
            number=first + at,
            title=one_line(draft.title),
            born_at=writer.births.now,
            notes=digest(note),
            length=draft.length,
            grade=draft.grade,
            estimate=estimate(draft.hours),
            elapsed_days=draft.elapsed_days,
            assignee=assignee,
        )
        yield Add(made, task, position + at, {uid: note} if note else {})


def _needs(born: Sequence[_Born], otherwise: Sequence[str] = ()) -> Iterator[Edit]:
    """Yield the needs among new work packages; those without need something else."""
    known: dict[str, str] = {}
    for draft, uid in born:
        mine = [known[key] for key in draft.needs if key in known]
        yield from (Need(uid, on) for on in dict.fromkeys(mine or otherwise))
        known.setdefault(draft.key, uid)


def _place(plan: Plan, package: str) -> dict[str, Any]:
    """Return route and task of a work package, as prompts show them."""
    route = plan.route_of(package)
    task = plan.item(plan.index.parents[package])
    assert isinstance(task, Task)
    return {
        "route": {"key": plan.ref(route.uid), "title": route.title},
        "task": {
            "key": plan.ref(task.uid), "title": task.title, "description": task.description
        },
    }  # fmt: skip
