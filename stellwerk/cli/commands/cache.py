"""`stellwerk cache`: the call log as a cache of answers that were paid for."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from stellwerk.cli.confirming import confirm
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.present.cache import (
    Kept,
    cleared_text,
    contents_data,
    contents_text,
    kept_data,
    kept_text,
)
from stellwerk.cli.present.copies import counted
from stellwerk.errors import UsageError
from stellwerk.planning.runs import CallStatus, Contents, Forgotten, RunStatus

if TYPE_CHECKING:
    from stellwerk.planning.runs import Call, Run
    from stellwerk.storage.run_log import SqlRunLog

command = typer.Typer(rich_markup_mode=None, add_completion=False)
_RESUMABLE = frozenset({RunStatus.INTERRUPTED, RunStatus.FAILED})


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Sum up what is kept unless a verb is given."""
    if context.invoked_subcommand is None:
        stats(context)


@command.command("stats")
def stats(context: typer.Context) -> None:
    """Sum up the answers that are kept: how many, how large, how often they were reused."""
    desk = desk_of(context)
    with closing(desk.stellwerk.runs) as log:
        held = log.contents(datetime.now(UTC))
    ai = desk.settings.ai
    data = contents_data(held, ai.log_megabytes, ai.reuse_days)
    text = contents_text(held, ai.log_megabytes, ai.reuse_days, desk.ink)
    desk.answer("cache-stats", data, text)


@command.command("show")
def show(
    context: typer.Context,
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, help="So many of the newest.")
    ] = 50,
) -> None:
    """List the questions whose answers other runs may reuse, the newest first."""
    desk, now = desk_of(context), datetime.now(UTC)
    with closing(desk.stellwerk.runs) as log:
        found = _reusable(log, now)
        kept = _weighed(log, found[:count])
    data = {"answers": [kept_data(each) for each in kept], "more": len(found) - len(kept)}
    text = kept_text(kept, len(found) - len(kept), now, desk.width, desk.ink)
    desk.answer("cache-list", data, text, paging=True)


@command.command("clear")
def clear(
    context: typer.Context,
    expired: Annotated[
        bool, typer.Option("--expired", help="Only answers no run may reuse any more.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Drop the runs that could be resumed, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget requests and answers of finished runs; what they used and cost is kept.

    Runs that can be resumed keep theirs, unless --all drops them.
    """
    desk, now = desk_of(context), datetime.now(UTC)
    if expired and everything:
        raise UsageError("--expired and --all exclude each other.", "Say one of them.")
    with closing(desk.stellwerk.runs) as log:
        held = log.contents(now)
        runs = [run for run in log.runs() if everything and run.status in _RESUMABLE]
        if not yes and not expired:
            _confirm(desk, held, runs)
        for run in runs:
            log.drop(run.uid)
        log.clear(now, expired_only=expired)
        left = log.contents(now)
    gone = Forgotten(held.answers - left.answers, held.size - left.size)
    data = {
        "answers": gone.calls,
        "bytes": gone.size,
        "runs": [run.uid for run in runs],
        "left_answers": left.answers,
        "left_bytes": left.size,
    }
    text = cleared_text(gone, len(runs), left, expired=expired)
    desk.answer("cache-cleared", data, text)


def _confirm(desk: Desk, held: Contents, runs: list[Run]) -> None:
    msg = f"Forget the answers of finished runs ({held.answers:,} are kept in all)?"
    if runs:
        msg = f"Forget all answers, and {counted(len(runs), 'run')} that can be resumed?"
    confirm(desk, "Clearing the cache", msg, "Nothing was forgotten.")


def _reusable(log: SqlRunLog, now: datetime) -> list[Call]:
    """Return the calls whose answer a run would reuse now, the newest first, without texts."""
    newest: dict[str, Call] = {}
    for call in log.figures():
        usable = call.status is CallStatus.DONE and call.accepted
        if usable and call.expires_at is not None and call.expires_at > now:
            newest[call.key] = call
    return sorted(newest.values(), key=lambda call: call.started_at, reverse=True)


def _weighed(log: SqlRunLog, calls: list[Call]) -> list[Kept]:
    """Return calls with the bytes of their texts, which are read run by run."""
    from stellwerk.storage.run_rows import size_of

    sizes = {
        call.uid: size_of(call)
        for run in {each.run for each in calls}
        for call in log.calls(run)
    }
    return [Kept(replace(call, request=""), sizes.get(call.uid, 0)) for call in calls]
