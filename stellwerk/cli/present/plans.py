"""Goals in a list, and a whole plan: text for people, data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stellwerk.cli.figures import grade
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.items import goal_data, item_data, package_lines
from stellwerk.cli.present.tables import cut
from stellwerk.domain.critical_path import longest_tails
from stellwerk.domain.goal import Goal, SourceKind
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import (
    Progress,
    Railway,
    Signal,
    goal_status,
    progress_of,
    railway_of,
)
from stellwerk.domain.refs import letters
from stellwerk.domain.snapshot import Snapshot
from stellwerk.planning.ports import Graded
from stellwerk.railway.renderer import Paint

BAR = 20
TITLE = 12
"""Columns that a title in a list has at least; below that it gets a line of its own."""


def list_data(
    snapshots: Sequence[Snapshot], selected: str | None, quality: Mapping[str, Graded]
) -> dict[str, Any]:
    """Return goals with their progress as JSON data."""
    return {
        "goals": [
            {
                **goal_data(snapshot.plan.goal),
                "status": goal_status(snapshot.plan).value,
                "revision": snapshot.revision,
                "selected": snapshot.plan.goal.uid == selected,
                "progress": progress_data(progress_of(snapshot.plan)),
                "quality": quality_data(quality.get(snapshot.plan.goal.uid)),
            }
            for snapshot in snapshots
        ]
    }


def list_text(
    snapshots: Sequence[Snapshot],
    selected: str | None,
    quality: Mapping[str, Graded],
    ink: Ink,
    width: int,
) -> str:
    """Return goals with their progress, a line each; titles are cut to the width."""
    if not snapshots:
        return 'There is no goal yet. Start with: stellwerk plan "..."'
    slugs = max(len(snapshot.plan.goal.slug) for snapshot in snapshots)
    lines = []
    for snapshot in snapshots:
        goal, railway = snapshot.plan.goal, railway_of(snapshot.plan)
        progress = progress_of(snapshot.plan, railway)
        mark = ink("bold green", "*") if goal.uid == selected else " "
        share = f"{progress.share:>4.0%}"
        standing = goal_status(snapshot.plan, railway).value.replace("_", " ")
        status = ink("dim", f"{standing:<11}")
        slug = ink("cyan", f"{goal.slug:<{slugs}}")
        graded = _about(quality.get(goal.uid), snapshot.revision)
        head = f"{mark} {slug}  {share}  {status}"
        room = width - slugs - len(_HEAD)
        told = f"{graded}  " if graded else ""
        if room - len(told) < TITLE:
            lines += [head.rstrip(), f"    {told}{cut(goal.title, width - 4 - len(told))}"]
        else:
            lines.append(f"{head}  {told}{cut(goal.title, room - len(told))}")
    return "\n".join(lines)


_HEAD = "*   100%  in progress  "
"""What stands before a title, without the slug."""


def quality_data(graded: Graded | None) -> dict[str, Any] | None:
    """Return a stored quality score as JSON data."""
    return {"score": graded.score, "revision": graded.revision} if graded else None


def quality_text(graded: Graded | None, revision: int) -> str:
    """Return a stored quality score; one of an older revision than that says so."""
    if graded is None:
        return ""
    older = f" (revision {graded.revision})" if graded.revision != revision else ""
    return f"quality {grade(graded.score)}{older}"


def _about(graded: Graded | None, revision: int) -> str:
    """Return a stored quality score for a column; a tilde says that the plan changed since."""
    if graded is None:
        return ""
    mark = "" if graded.revision == revision else "~"
    return f"quality {mark}{grade(graded.score)}"


def progress_data(progress: Progress) -> dict[str, Any]:
    """Return progress as JSON data: lengths in units, share from 0 to 1."""
    return {
        "done": progress.done,
        "live": progress.live,
        "tentative": progress.tentative,
        "share": round(progress.share, 4),
    }


def plan_data(snapshot: Snapshot, quality: Graded | None = None) -> dict[str, Any]:
    """Return a whole plan as JSON data, with what follows from its switches."""
    plan = snapshot.plan
    railway = railway_of(plan)
    routes = [
        {**item_data(plan, route), "signal": railway.signals[route.uid].value}
        for route in plan.routes
    ]
    return {
        "goal": {**goal_data(plan.goal), "status": goal_status(plan, railway).value},
        "revision": snapshot.revision,
        "progress": progress_data(progress_of(plan, railway)),
        "quality": quality_data(quality),
        "routes": routes,
        "switches": [item_data(plan, switch) for switch in plan.switches],
        "people": [item_data(plan, person) for person in plan.people],
        "ready": [plan.ref(uid) for uid in railway.ready],
        "decisions": [plan.ref(uid) for uid in railway.decisions],
    }


def plan_text(snapshot: Snapshot, ink: Ink, quality: Graded | None = None) -> str:
    """Return a plan: its head, then every route with its tasks and work packages."""
    plan = snapshot.plan
    railway = railway_of(plan)
    lines = [*head_lines(snapshot, railway, ink, quality)]
    packages = package_lines(plan, ink, "    ")
    for route in plan.routes:
        signal = railway.signals[route.uid]
        told = f" {ink('dim', f'({signal.value})')}" if signal is not Signal.LIVE else ""
        lines.append(f"\n{ink('cyan', f'r{route.number}')} {ink('bold', route.title)}{told}")
        for task in route.tasks:
            ref = f"r{route.number}.{task.number}"
            lines.append(f"  {ink('cyan', ref)} {task.title}")
            lines += packages(ref, task.packages)
        if switch := plan.index.switch_at.get(route.uid):
            lines.append(f"  {ink('magenta', f'◆ d{switch.number} {switch.title}')}")
            for option in switch.options:
                mark = "*" if option.uid == switch.chosen else " "
                label = f"{letters(option.number)} {option.label}"
                lines.append(f"    {mark} {label} {ink('dim', f'> {plan.ref(option.head)}')}")
    return "\n".join(lines)


def title_line(goal: Goal, ink: Paint) -> str:
    """Return the line that names a goal above whatever is shown of it."""
    return f"{ink('bold', goal.title)}  {ink('dim', goal.slug)}"


def head_lines(
    snapshot: Snapshot, railway: Railway, ink: Ink, quality: Graded | None = None
) -> Iterator[str]:
    """Yield what stands above a plan: title, source, size, quality and progress."""
    plan = snapshot.plan
    goal, progress = plan.goal, progress_of(plan, railway)
    yield title_line(goal, ink)
    if goal.rallying_cry:
        yield ink("dim", goal.rallying_cry)
    packages = sum(len(task.packages) for route in plan.routes for task in route.tasks)
    size = f"{len(plan.routes)} routes, {packages} work packages"
    if plan.switches:
        noun = "switch" if len(plan.switches) == 1 else "switches"
        size += f", {len(plan.switches)} {noun}"
    graded = quality_text(quality, snapshot.revision)
    yield f"{size} · {graded}" if graded else size
    yield ink("dim", _source(plan))
    _, hours = longest_tails(plan, railway)
    left = f" · {hours:g} h of work on the longest way ahead" if hours else ""
    yield f"{_bar(progress, ink)} {progress.share:.0%} done{left}"


def _source(plan: Plan) -> str:
    source = plan.goal.source
    if source.kind is SourceKind.PLAYBOOK:
        return f"from the playbook {source.model}"
    if source.kind is SourceKind.MODEL:
        return f"by {source.model} ({source.provider})"
    return "made by hand"


def _bar(progress: Progress, ink: Ink) -> str:
    done = round(progress.share * BAR)
    return ink("green", "━" * done) + ink("dim", "─" * (BAR - done))
