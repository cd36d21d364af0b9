"""A plan written as Markdown; the same plan always gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import tomli_w

from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.plan import Option, Plan, Route, Switch
from stellwerk.domain.railway import progress_of
from stellwerk.domain.refs import PEOPLE, ROUTES, SWITCHES, RefBook
from stellwerk.domain.text import slugify
from stellwerk.domain.work import Standing, Status, Task, WorkPackage
from stellwerk.exchange.document import Document
from stellwerk.exchange.markdown.blocks import GENERATED, swallows
from stellwerk.exchange.markdown.markers import escaped, marker

FORMAT: Final = "stellwerk.markdown"
VERSION: Final = 2
_STRUCTURE: Final = re.compile(
    r"^([ \t]*)(?=\\*#{1,6}(?:\s|$))|^([ \t]*[-*+][ \t]+)(?=\\*\[)", re.MULTILINE
)
_FENCES: Final = re.compile(r"^([ \t]*)(?=\\*(?:```|~~~))", re.MULTILINE)
_ESCAPED_FENCES: Final = re.compile(r"^([ \t]*)(?=\\+(?:```|~~~))", re.MULTILINE)
_CLOSING: Final = re.compile(r"(^|[ \t])(?=\\*#+$)")
_BRACKET: Final = re.compile(r"\\*\[")
_HEADING: Final = re.compile(r"^( {0,3})(#{1,6})(?=[ \t])")
_FENCE: Final = re.compile(r"^ {0,3}(```+|~~~+)")
_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "en": ("People", "Decision"),
    "de": ("Beteiligte", "Entscheidung"),
}


def labels(language: str) -> tuple[str, str]:
    """Return the words for people and for a decision in a plan's language."""
    return _LABELS.get(language, _LABELS["en"])


def one_file(document: Document) -> str:
    """Return the whole plan as one Markdown file."""
    plan = document.plan
    parts = [
        *_head(document, {}),
        *_overview(plan, {}),
        *(part for route in plan.routes for part in _route(document, route, 2)),
        *_people(plan),
    ]
    return "\n\n".join(parts) + "\n"


def folder_files(document: Document) -> dict[str, str]:
    """Return the plan as `index.md` and one file for each route."""
    plan = document.plan
    names = {r.uid: f"routes/r{r.number}-{slugify(r.title)}.md" for r in plan.routes}
    head = _head(document, {"routes": list(names.values())})
    index = [*head, *_overview(plan, names), *_people(plan)]
    files = {"index.md": "\n\n".join(index) + "\n"}
    for route in plan.routes:
        files[names[route.uid]] = "\n\n".join(_route(document, route, 1)) + "\n"
    return files


def demoted(notes: str) -> str:
    """Return notes with every heading two levels deeper, as they stand in a list item.

    Notes with a heading too deep for that stay as they are, and say so (`is_flat`).
    """
    return notes if is_flat(notes) else _shifted(notes, 2)


def is_flat(notes: str) -> bool:
    """Whether a heading of the notes is too deep to be demoted."""
    return any(len(found[2]) > 4 for found in _headings(notes))


def promoted(notes: str) -> str:
    """Return notes as they were before `demoted`."""
    depths = [len(found[2]) for found in _headings(notes)]
    return _shifted(notes, -2) if depths and min(depths) >= 3 else notes


def sheltered(text: str) -> str:
    """Return a description that no reader takes for a heading, an item or HTML.

    A code fence that is never closed would hide all that follows; it becomes text.
    """
    lines = (line if line.strip() else "" for line in escaped(text).split("\n"))
    whole = _STRUCTURE.sub(lambda m: f"{m[0]}\\", "\n".join(lines))
    fences = _FENCES if swallows(whole) else _ESCAPED_FENCES
    return fences.sub(lambda m: f"{m[0]}\\", whole)


def _head(document: Document, more: Mapping[str, Any]) -> list[str]:
    goal = document.plan.goal
    front = {
        "format": FORMAT,
        "version": VERSION,
        **_goal_fields(goal),
        **_refs(document),
        **more,
        **document.extra,
    }
    # Every string is a basic one here, so HTML in it can be written as an escape.
    toml = tomli_w.dumps(front).replace("<", "\\u003C")
    title = _CLOSING.sub(lambda m: f"{m[0]}\\", escaped(goal.title))
    parts = [f"+++\n{toml}+++", f"# {title}"]
    return [*parts, sheltered(goal.description)] if goal.description else parts


def _goal_fields(goal: Goal) -> dict[str, Any]:
    source = goal.source
    given = {
        "uid": goal.uid,
        "slug": goal.slug,
        "language": goal.language,
        "status": goal.status.value,
        "created_at": goal.created_at,
        "target_date": goal.target_date,
        "unit_hours": goal.unit_hours,
        "quality": goal.quality,
        "rallying_cry": goal.rallying_cry,
        "prologue": goal.prologue,
        "source": {
            "kind": source.kind.value,
            "provider": source.provider,
            "model": source.model,
            "prompts": list(source.prompts),
        },
    }
    return {name: value for name, value in given.items() if value not in (None, "")}


def _refs(document: Document) -> dict[str, Any]:
    """Return counters that are ahead of what the plan shows, and aliases, by ref."""
    plan, shown = document.plan, RefBook().following(Plan(document.plan.goal), document.plan)
    names = {**plan.index.refs, ROUTES: ROUTES, SWITCHES: SWITCHES, PEOPLE: PEOPLE}
    last = {
        names[parent]: number
        for parent, number in sorted(document.book.last.items())
        if parent in names and number > shown.last.get(parent, 0)
    }
    former = {
        ref: plan.ref(uid)
        for ref, uid in sorted(document.book.aliases.items())
        if uid in plan.index.items
    }
    tables = {"handed_out": last, "former_refs": former}
    return {name: table for name, table in tables.items() if table}


def _overview(plan: Plan, names: Mapping[str, str]) -> list[str]:
    """Return the generated part: progress, map and table; a reader leaves it out."""
    progress = progress_of(plan)
    begin, end = GENERATED
    rows = ["| | Route | Packages | Done |", "|---|---|---|---|"]
    for route in plan.routes:
        packages = list(route.packages)
        done = sum(package.status is Status.DONE for package in packages)
        title = escaped(route.title).replace("|", "\\|")
        name = f"[{title}]({names[route.uid]})" if names else title
        rows.append(f"| r{route.number} | {name} | {len(packages)} | {done} |")
    share = f"**{progress.share:.0%}** of the live line is done."
    return [f"{begin}\n\n{share}\n\n{_mermaid(plan)}\n\n" + "\n".join(rows) + f"\n\n{end}"]


def _mermaid(plan: Plan) -> str:
    lines = ["```mermaid", "flowchart LR"]
    for route in plan.routes:
        title = "".join(
            char if char.isalnum() or char in " -.,:" else " " for char in route.title
        )
        lines.append(f'  r{route.number}["r{route.number} {" ".join(title.split())}"]')
    for edge in plan.edges:
        switch = plan.index.switch_at.get(edge.tail)
        arrow = "-.->" if switch and _unset(switch, edge.head) else "-->"
        lines.append(f"  {plan.ref(edge.tail)} {arrow} {plan.ref(edge.head)}")
    return "\n".join([*lines, "```"])


def _unset(switch: Switch, head: str) -> bool:
    chosen = switch.option(switch.chosen)
    return chosen is None or chosen.head != head


def _route(document: Document, route: Route, level: int) -> Iterator[str]:
    plan = document.plan
    fields = {
        "uid": route.uid,
        "kind": route.kind.value,
        "after": _refs_of(plan, plan.index.before[route.uid]),
        "born": route.born_at,
    }
    yield _heading(level, route.title, f"r{route.number}", fields)
    if route.description:
        yield sheltered(route.description)
    for task in route.tasks:
        yield from _task(document, task, level + 1)
    if switch := plan.index.switch_at.get(route.uid):
        yield from _switch(plan, switch, level + 1)


def _task(document: Document, task: Task, level: int) -> Iterator[str]:
    fields = {"uid": task.uid, "born": task.born_at}
    yield _heading(level, task.title, document.plan.ref(task.uid), fields)
    if task.description:
        yield sheltered(task.description)
    for package in task.packages:
        yield _package(document, package)


def _package(document: Document, package: WorkPackage) -> str:
    plan, standing = document.plan, package.standing
    plain = standing.status is Status.DONE or standing in (Standing(), _begun(standing))
    hours = package.estimate
    fields = {
        "uid": package.uid,
        "length": package.length,
        "grade": package.grade,
        "estimate": (hours.p10, hours.p50, hours.p90) if hours else None,
        "elapsed_days": package.elapsed_days,
        "needs": _refs_of(plan, package.needs),
        "assignee": plan.ref(package.assignee) if package.assignee else None,
        "status": None if plain else standing.status.value,
        "started": standing.started_at,
        "finished": standing.finished_at,
        "spent_hours": standing.spent_hours,
        "waiting_for": standing.waiting_for,
        "reason": standing.reason,
        "born": package.born_at,
        "flat": True if is_flat(document.notes.get(package.uid, "")) else None,
    }
    box = "[x]" if standing.status is Status.DONE else "[ ]"
    line = f"- {box} {escaped(package.title)} {marker(plan.ref(package.uid), fields)}"
    notes = document.notes.get(package.uid, "")
    return f"{line}\n\n{_indented(escaped(demoted(notes)))}" if notes.strip() else line


def _begun(standing: Standing) -> Standing:
    """Return a standing that was begun and is to do again: what an empty box says."""
    return Standing(started_at=standing.started_at, spent_hours=standing.spent_hours)


def _switch(plan: Plan, switch: Switch, level: int) -> Iterator[str]:
    fields = {
        "uid": switch.uid,
        "chosen": plan.ref(switch.chosen) if switch.chosen else None,
        "recommended": plan.ref(switch.recommended) if switch.recommended else None,
        "born": switch.born_at,
    }
    word = labels(plan.goal.language)[1]
    yield _heading(level, f"{word}: {switch.title}", plan.ref(switch.uid), fields)
    if switch.prompt:
        yield sheltered(switch.prompt)
    for option in switch.options:
        yield _option(plan, option)


def _option(plan: Plan, option: Option) -> str:
    fields = {
        "uid": option.uid,
        "to": plan.ref(option.head),
        "probability": option.probability,
        "born": option.born_at,
    }
    line = f"- {_label(option.label)} {marker(plan.ref(option.uid), fields)}"
    return f"{line}\n\n{_indented(escaped(option.tradeoff))}" if option.tradeoff else line


def _people(plan: Plan) -> Iterator[str]:
    if plan.people:
        yield f"## {labels(plan.goal.language)[0]} <!-- stellwerk people -->"
    for person in plan.people:
        yield _person(person)


def _person(person: Person) -> str:
    fields = {
        "uid": person.uid,
        "role": person.role.value,
        "direction": person.direction.value,
        "email": person.email,
        "capacity_hours": person.capacity_hours,
        "weekdays": list(person.weekdays),
        "absences": tuple((absence.first, absence.last) for absence in person.absences),
        "born": person.born_at,
    }
    line = f"- {_label(person.name)} {marker(f'p{person.number}', fields)}"
    return f"{line}\n\n{_indented(escaped(person.notes))}" if person.notes else line


def _label(text: str) -> str:
    """Return the first line of an item that never has a checkbox, even if it begins so."""
    return ("\\" if _BRACKET.match(text) else "") + escaped(text)


def _heading(level: int, title: str, ref: str, fields: Mapping[str, object]) -> str:
    return f"{'#' * level} {escaped(title)} {marker(ref, fields)}"


def _indented(text: str) -> str:
    lines = text.strip("\n").split("\n")
    return "\n".join(f"  {line}" if line.strip() else "" for line in lines)


def _refs_of(plan: Plan, uids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((plan.ref(uid) for uid in uids), key=_by_ref))


def _by_ref(ref: str) -> list[int]:
    return [int(part) for part in ref.lstrip("r").split(".") if part.isdigit()]


def _headings(notes: str) -> Iterator[re.Match[str]]:
    for line, fenced in _lines(notes):
        if not fenced and (found := _HEADING.match(line)):
            yield found


def _shifted(notes: str, by: int) -> str:
    return "\n".join(
        line if fenced else _HEADING.sub(lambda m: f"{m[1]}{'#' * (len(m[2]) + by)}", line)
        for line, fenced in _lines(notes)
    )


def _lines(notes: str) -> Iterator[tuple[str, bool]]:
    """Yield (line, whether it is in a code fence or opens or closes one)."""
    fence = ""
    for line in notes.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            yield line, True
            closes = mark and mark[1].startswith(fence) and not line.strip(" `~")
            fence = "" if closes else fence
        else:
            fence = mark[1] if mark else ""
            yield line, bool(mark)
