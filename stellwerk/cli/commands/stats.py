"""`stellwerk stats`: what planning came to so far, and how providers did."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from stellwerk.analytics.provider_stats import provider_stats
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.present.copies import counted
from stellwerk.cli.present.stats import (
    overview_data,
    overview_text,
    provider_data,
    providers_text,
)
from stellwerk.domain.values import to_data
from stellwerk.errors import UsageError


def command(
    context: typer.Context,
    providers: Annotated[
        bool,
        typer.Option("--providers", help="How providers did: speed, failures, tokens, cost."),
    ] = False,
    since: Annotated[
        int | None,
        typer.Option("--since", metavar="DAYS", min=1, max=36_500, help="Only so many days."),
    ] = None,
) -> None:
    """Sum up goals, planning runs and what they cost; with --providers, who did how well.

    HITS are answers that were reused instead of asked for, FIXED those whose text had to be
    repaired, RETRY requests that were sent again. A sum with ≥ lacks calls that did not say
    what they used.
    """
    desk = desk_of(context)
    if providers:
        _providers(desk, since)
    elif since is not None:
        raise UsageError("--since belongs to --providers.", "Say both.")
    else:
        _overview(desk)


def _overview(desk: Desk) -> None:
    with closing(desk.stellwerk.runs) as log:
        runs, stats = log.runs(), provider_stats(log.figures())
    goals = [line.goal for line in desk.dispatcher.goals(archived=True)]
    data = overview_data(goals, runs, stats)
    desk.answer("stats", data, overview_text(goals, runs, stats, desk.ink))


def _providers(desk: Desk, days: int | None) -> None:
    start = datetime.now(UTC) - timedelta(days=days) if days else None
    with closing(desk.stellwerk.runs) as log:
        stats = provider_stats(log.figures(start))
    words = f" in the last {counted(days, 'day')}" if days else ""
    data = {"since_at": to_data(start), "series": [provider_data(each) for each in stats]}
    text = providers_text(stats, words, desk.width, desk.ink)
    desk.answer("provider-stats", data, text, paging=True)
