"""`python -m tests.benchmarks.model_faults`: planning runs over a server that fails on purpose.

Each run is the whole pipeline with the real SDK, the real call log and a server that injects
faults into a share of its answers. Latencies, waits and timeouts pass four times as fast as on
the wall.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final
from uuid import uuid4

from stellwerk.errors import ProviderError
from stellwerk.planning.models import LanguageModel, ProviderOptions
from stellwerk.planning.pipeline import plan_goal
from stellwerk.planning.prompts import PromptShelf
from stellwerk.planning.running import births_of
from stellwerk.planning.runs import Run
from stellwerk.planning.wish import Wish
from stellwerk.providers.openai import OpenAIProvider
from stellwerk.providers.pricing import Prices
from stellwerk.providers.seating import CallRules, seat
from stellwerk.storage.run_log import SqlRunLog
from stellwerk.validation.findings import Severity
from tests.benchmarks.machine import described, load_average, today
from tests.benchmarks.table import Table, inserted, markdown, plain
from tests.wire.planning_server import Behaviour, PlanningServer

SCALE: Final = 4.0
"""So many seconds of a run pass in one."""
LATENCY: Final = 2.0
TIMEOUT: Final = 16.0
_ANSWER: Final = 2.0
"""Seconds of a latency where nothing is scaled."""
_PANELS: Final = ((0.0, False), (0.2, False), (0.2, True), (0.4, False), (0.4, True))
"""Shares of faults, and whether there is a sound second provider."""
CALLS: Final = 20
"""Calls of a run without faults: one, six routes, twelve tasks, and a review."""
LEVELS: Final = 4
"""Calls of a run that wait for each other."""
_AT_ONCE: Final = 4
_HEAD: Final = (
    "faults",
    "providers",
    "runs",
    "valid plans",
    "calls ÷ fewest",
    "tokens ÷ fewest",
    "wall ÷ 4 latencies, median",
    "p90",
)


@dataclass
class ScaledClock:
    """A clock on which waits are short."""

    scale: float = SCALE

    def now(self) -> datetime:
        """Return the present."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds of the run."""
        return time.monotonic() * self.scale

    async def sleep(self, seconds: float) -> None:
        """Wait a part of the time."""
        await asyncio.sleep(seconds / self.scale)


@dataclass(frozen=True)
class Outcome:
    """What came of one run: seconds are the run's own."""

    valid: bool
    calls: int
    tokens: int
    seconds: float
    error: str


async def measure(
    rate: float, runs: int, folder: Path, *, second: bool, seed: int = 0
) -> tuple[list[Outcome], Counter[str]]:
    """Return what came of runs over a server that fails at a rate."""
    failing = Behaviour(latency=LATENCY / SCALE, rate=rate, seed=seed)
    sound = replace(failing, rate=0.0)
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(PlanningServer(each))
            for each in ([failing, sound] if second else [failing])
        ]
        gate = asyncio.Semaphore(_AT_ONCE)
        log = SqlRunLog(folder / f"{rate}-{second}.db")

        async def one(number: int) -> Outcome:
            async with gate:
                return await _planned(log, [server.url for server in servers], number)

        found = await asyncio.gather(*map(one, range(runs)))
        log.close()
    return found, servers[0].failed


async def _planned(
    log: SqlRunLog, urls: Sequence[str], number: int, scale: float = SCALE
) -> Outcome:
    models: list[LanguageModel] = [_model(url, at) for at, url in enumerate(urls)]
    wish = Wish(f"Learn to juggle {number + 3} balls", size="auto")
    run = Run(uuid4().hex, wish, datetime.now(UTC), fresh=True)
    log.save(run)
    rules = CallRules(
        max_concurrency=256,
        run_seconds=7200,
        reuse=timedelta(),
        timeouts={model.name: TIMEOUT / scale for model in models},
        prices=Prices(()),
        clock=ScaledClock(scale),
    )
    panel = seat(
        models,
        run,
        log,
        rules,
        new_uid=lambda: uuid4().hex,
        shelf=PromptShelf(),
        emit=lambda _: None,
    )
    started, error = time.monotonic(), ""
    try:
        made = await plan_goal(wish, panel, births_of(run))
        valid = all(
            finding.severity is not Severity.ERROR for finding in made.verdict.findings
        )
    except ProviderError as failed:
        valid, error = False, failed.message
    seconds = (time.monotonic() - started) * scale
    for model in models:
        await model.close()  # type: ignore[attr-defined]
    calls = log.calls(run.uid)
    tokens = sum((c.usage.input_tokens or 0) + (c.usage.output_tokens or 0) for c in calls)
    return Outcome(valid, len(calls), tokens, seconds, error)


def _model(url: str, number: int) -> LanguageModel:
    settings = {"base_url": url, "model": "planner-1", "timeout_seconds": 60.0}
    model = OpenAIProvider(ProviderOptions(settings, key=lambda: "sk-benchmark"))
    model.name = f"server {number + 1}"  # type: ignore[misc]
    return model


def summed(rate: float, *, second: bool, found: Sequence[Outcome]) -> tuple[str, ...]:
    """Return a row of the table."""
    good = [each for each in found if each.valid]
    walls = sorted(each.seconds / (LEVELS * LATENCY) for each in good)
    tokens = CALLS * sum(Behaviour().tokens)
    return (
        f"{rate:.0%}",
        "two, the second sound" if second else "one",
        f"{len(found)}",
        f"{len(good) / len(found):.1%}",
        f"{median(each.calls for each in found) / CALLS:.2f}",
        f"{median(each.tokens for each in found) / tokens:.2f}",
        f"{median(walls):.2f}" if walls else "-",
        f"{walls[int(len(walls) * 0.9)]:.2f}" if walls else "-",
    )


@contextmanager
def _folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


async def latency(routes: int, folder: Path) -> float:
    """Return the wall time of one run without faults, in latencies of four answers."""
    behaviour = Behaviour(latency=_ANSWER, routes=routes)
    async with PlanningServer(behaviour) as server:
        log = SqlRunLog(folder / f"latency-{routes}.db")
        outcome = await _planned(log, [server.url], routes, scale=1.0)
        log.close()
    return outcome.seconds / (LEVELS * _ANSWER)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--into", type=Path, help="a page to write the tables into")
    wanted = parser.parse_args(argv)
    started, load, rows, missed = today(), load_average(), [], []
    with _folder() as folder:
        quick = [
            (f"{routes} routes", f"{median(_latencies(routes, folder)):.2f}")
            for routes in (6, 8, 20)
        ]
        for rate, second in _PANELS:
            running = measure(rate, wanted.runs, folder, second=second, seed=wanted.seed)
            found, failed = asyncio.run(running)
            rows.append(summed(rate, second=second, found=found))
            share = sum(each.valid for each in found) / len(found)
            if share < _goal(rate, second=second):
                missed.append(f"{rate:.0%} with {rows[-1][1]}: {share:.1%}")
            told = ", ".join(f"{kind} {n}" for kind, n in failed.most_common() if kind)
            errors = Counter(each.error for each in found if each.error)
            sys.stderr.write("\n  ".join([f"{rows[-1]} {told}", *errors, ""]))
    tables = [
        Table("Faults", _HEAD, tuple(rows), texts=2),
        Table("Without faults", ("plan", "wall ÷ 4 latencies"), tuple(quick)),
    ]
    lines = described({}, started, load)
    sys.stdout.write("\n\n".join(["\n".join(lines), *map(plain, tables), ""]))
    if wanted.into:
        text = "\n\n".join(["\n".join(lines), *map(markdown, tables)])
        wanted.into.write_text(inserted(wanted.into, text), encoding="utf-8")
    sys.stderr.writelines(f"Missed: {each}\n" for each in missed)
    return bool(missed)


def _latencies(routes: int, folder: Path) -> list[float]:
    return [asyncio.run(latency(routes, folder)) for _ in range(3)]


def _goal(rate: float, *, second: bool) -> float:
    """Return the share of valid plans that is to be reached."""
    if second or rate == 0:
        return 1.0
    return 0.99 if rate <= 0.2 else 0.0


if __name__ == "__main__":
    sys.exit(main())
