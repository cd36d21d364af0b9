"""`stellwerk runs`: planning runs, what they asked models, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from stellwerk.cli.arguments import RunName
from stellwerk.cli.charset import charset
from stellwerk.cli.confirming import confirm
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.present.calls import call_data, call_lines, call_text
from stellwerk.cli.present.copies import counted
from stellwerk.cli.present.plans import plan_data
from stellwerk.cli.present.runs import (
    dropped_text,
    limits_data,
    next_step,
    run_data,
    run_lines,
    runs_text,
    step_lines,
    tally,
    wish_data,
)
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import NotFoundError, UsageError
from stellwerk.planning.runs import Call, Purpose, Run, RunStatus

command = typer.Typer(rich_markup_mode=None, add_completion=False)


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """List the planning runs unless a verb is given."""
    if context.invoked_subcommand is None:
        list_(context)


@command.command("list")
def list_(
    context: typer.Context,
    count: Annotated[
        int | None, typer.Option("-n", "--count", min=1, help="Only the newest.")
    ] = None,
) -> None:
    """List the planning runs that asked models: how each stands and what it used."""
    desk = desk_of(context)
    with closing(desk.stellwerk.runs) as log:
        found, calls = log.runs()[:count], log.figures()
    tallies = [tally(run, [call for call in calls if call.run == run.uid]) for run in found]
    text = runs_text(tallies, datetime.now(UTC), desk.width, desk.ink)
    data = {"runs": [run_data(each) for each in tallies]}
    desk.answer("run-list", data, text, paging=True)


@command.command("show")
def show(
    context: typer.Context,
    run: RunName,
    calls: Annotated[
        bool, typer.Option("--calls", help="List its calls; with -v, show them in full.")
    ] = False,
    call: Annotated[
        int | None,
        typer.Option("--call", metavar="N", min=1, help="Show one call: messages and answer."),
    ] = None,
) -> None:
    """Show a planning run: its request, what it used, and its plan as far as that is."""
    desk = desk_of(context)
    if calls and call is not None:
        raise UsageError("--calls lists all calls, --call N shows one.", "Say one of them.")
    with closing(desk.stellwerk.runs) as log:
        found = log.run(run)
        made = log.calls(found.uid)
    if call is not None:
        _show_call(desk, found, made, call)
    elif calls and not desk.json:
        _show_calls(desk, found, made)
    else:
        _show_run(desk, found, made)


@command.command("drop")
def drop(
    context: typer.Context,
    run: RunName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a run with its calls and their answers; the plan it made stays as it is."""
    desk = desk_of(context)
    with closing(desk.stellwerk.runs) as log:
        found = log.run(run)
        with log.hold(found.uid):
            each = tally(found, log.calls(found.uid))
        lost = dropped_text(each)
        if not yes:
            question = f"Forget the run {found.short} ({found.wish.title}) with {lost}?"
            deed, kept = f"Dropping {found.short}", f"The run {found.short} was kept."
            confirm(desk, deed, question, kept)
        log.drop(found.uid)
    data = {"run": run_data(each)}
    desk.answer("run-dropped", data, f"Forgot the run {found.short} with {lost}.")


def _show_run(desk: Desk, run: Run, calls: Sequence[Call]) -> None:
    from stellwerk.providers.seating import spent

    each, now = tally(run, calls), datetime.now(UTC)
    with closing(desk.stellwerk.runs) as log:
        amount = spent(log, run.uid)
    plan, slug = _partial(desk, run), _slug(desk, run)
    command_, why = next_step(run, slug)
    data = {
        "run": run_data(each),
        "wish": wish_data(run),
        "limits": limits_data(run, amount),
        "plan": plan_data(Snapshot(plan, NO_REFS, 0)) if plan else None,
        "calls": [
            call_data(number, call, texts=desk.verbose > 0)
            for number, call in enumerate(calls, 1)
        ],
        "next_step": command_,
    }
    if desk.json:
        desk.envelope("run", data)
        return
    ink = desk.ink
    lines = [*run_lines(each, amount, now, ink), ""]
    if plan:
        lines += [*_drawn(desk, plan), ""]
    elif run.status is not RunStatus.DONE and run.purpose is Purpose.PLAN:
        lines += [ink("dim", "There is no plan yet: its routes were not answered."), ""]
    steps = [(command_, why)]
    if calls and run.status is not RunStatus.RUNNING:
        steps.insert(0, (f"stellwerk runs show {run.short} --calls", "what was asked"))
    desk.out("\n".join([*lines, *step_lines(steps, ink)]), paging=True)


def _show_calls(desk: Desk, run: Run, calls: Sequence[Call]) -> None:
    alive = run.status is RunStatus.RUNNING
    if not calls:
        desk.out(f"The run {run.short} made no call.")
    elif desk.verbose:
        told = [
            call_text(number, call, desk.ink, alive=alive)
            for number, call in enumerate(calls, 1)
        ]
        desk.out("\n\n\n".join(told), paging=True)
    else:
        lines = [*call_lines(calls, desk.width, desk.ink, alive=alive), ""]
        step = (f"stellwerk runs show {run.short} --call 1", "its messages and its answer")
        lines += step_lines([step], desk.ink)
        desk.out("\n".join(lines), paging=True)


def _show_call(desk: Desk, run: Run, calls: Sequence[Call], number: int) -> None:
    if number > len(calls):
        msg = f"The run {run.short} has {counted(len(calls), 'call')}, none with number {number}."
        raise NotFoundError(msg, f"`stellwerk runs show {run.short} --calls` lists them.")
    call = calls[number - 1]
    data = {"run": run.short, "call": call_data(number, call, texts=True)}
    text = call_text(number, call, desk.ink, alive=run.status is RunStatus.RUNNING)
    desk.answer("call", data, text, paging=True)


def _partial(desk: Desk, run: Run) -> Plan | None:
    """Return the plan of a run that is not done, as far as it is known."""
    if run.status is RunStatus.DONE or run.purpose is not Purpose.PLAN:
        return None
    planner = desk.stellwerk.planner()
    with closing(planner.runs):
        made = planner.partial(run)
    return made.plan if made else None


def _drawn(desk: Desk, plan: Plan) -> list[str]:
    from stellwerk.railway.renderer import View
    from stellwerk.railway.scene import scene_of
    from stellwerk.railway.text import drawn

    packages = sum(1 for _ in plan.packages)
    size = f"So far: {counted(len(plan.routes), 'route')}, {counted(packages, 'work package')}"
    return [
        desk.ink("dim", size),
        *drawn(scene_of(plan), View(width=desk.width, charset=charset(desk), paint=desk.ink)),
    ]


def _slug(desk: Desk, run: Run) -> str | None:
    """Return the slug of the goal a run made, if it is still there."""
    lines: Any = desk.dispatcher.goals(archived=True) if run.goal else ()
    return next((line.goal.slug for line in lines if line.goal.uid == run.goal), None)
