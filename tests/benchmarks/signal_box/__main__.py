"""`python -m tests.benchmarks.signal_box`: what a key costs in the signal box.

The app runs without a terminal at 120 columns by 40 rows; each frame is encoded as a terminal
would get it. Figures are medians of processor milliseconds, bytes and rows drawn by one key, never
of waiting: a key is pressed, the app left to work, and its processor time taken. What is beside
the map follows when the cursor rests, and is not in the figures of a key.

The first paint is what the app's own thread spends until the first frame with the railway in it is
written, above the first frame of an app with nothing in it, and without the layout, which has a
column of its own; a large plan gets it in a thread of its own. The column after it is the same
until nothing moves any more. All of these are run in turns: the pace of a machine changes.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time, thread_time
from typing import Any, Final, NamedTuple

from textual.app import App
from textual.pilot import Pilot

from stellwerk.domain.plan import Plan
from stellwerk.railway.glyphs import UNICODE
from stellwerk.railway.overview import label_rooms, overview_sheet
from stellwerk.tui.app import SignalBox
from stellwerk.tui.screens.railway import IN_THE_BACKGROUND
from stellwerk.tui.session import Session, sight_of
from stellwerk.tui.widgets.track_map import TrackMap
from stellwerk.tui.wishes import route_after
from tests.benchmarks.machine import described, load_average, today
from tests.benchmarks.table import Table, inserted, markdown, plain, report
from tests.railway.dense_plans import dense_plan
from tests.railway.plans import plan_of, switched
from tests.tui.boxes import box_with

SIZES: Final = (20, 100, 200, 2000)
VIEW: Final = (120, 40)
_KEYS: Final = 30
_PAINTS: Final = 15
_QUIET: Final = 6.0
_SCROLLING: Final = 12.0
_BYTES: Final = 300
_PAINT: Final = 60.0
_EDIT: Final = 20.0


class Cost(NamedTuple):
    """What one key costs.

    Attributes:
        ms: Processor milliseconds.
        sent: Bytes to the terminal.
        rows: Rows drawn.
    """

    ms: float
    sent: int
    rows: int


class Frame(NamedTuple):
    """Something an app wrote to the terminal.

    Attributes:
        at: When, in processor seconds of the app's thread.
        rows: Rows of railways that had been drawn by then.
    """

    at: float
    rows: int


class Meter:
    """Counts what an app draws."""

    def __init__(self, app: App[None]) -> None:
        self.sent = self.rows = 0
        self.frames: list[Frame] = []
        display = app._display
        render = TrackMap.render_line

        def counted(screen: Any, renderable: Any) -> None:
            if renderable is not None and hasattr(renderable, "render_segments"):
                self.sent += len(renderable.render_segments(app.console).encode())
                self.frames.append(Frame(thread_time(), self.rows))
            display(screen, renderable)

        def drawn(widget: TrackMap, y: int) -> Any:
            self.rows += widget.sheet is not None
            return render(widget, y)

        app._display = counted  # type: ignore[method-assign]
        TrackMap.render_line = drawn  # type: ignore[method-assign]
        self._render = render

    def restore(self) -> None:
        """Count no more."""
        TrackMap.render_line = self._render  # type: ignore[method-assign]

    async def key(self, app: App[None], key: str) -> Cost:
        """Press a key and return what it cost, once nothing moves any more."""
        sent, rows, begin = self.sent, self.rows, process_time()
        app.simulate_key(key)
        for _ in range(10):
            await asyncio.sleep(0.004)
        return Cost((process_time() - begin) * 1000, self.sent - sent, self.rows - rows)


async def _idle(app: App[None]) -> float:
    """Return what the same waiting costs when no key is pressed."""
    costs = []
    for _ in range(_KEYS):
        begin = process_time()
        for _ in range(10):
            await asyncio.sleep(0.004)
        costs.append((process_time() - begin) * 1000)
    return median(costs)


class Found(NamedTuple):
    """The figures of one size."""

    quiet: Cost
    scrolling: Cost
    layout: float
    paint: Paint
    edit: float


class Paint(NamedTuple):
    """What it costs to begin.

    Attributes:
        first: Processor milliseconds until the first frame is written.
        rest: Until nothing moves any more.
    """

    first: float
    rest: float


def _begin() -> None:
    """Leave what is there to no collection, as the command does when it opens the app."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def _empty() -> Paint:
    _begin()
    begin = thread_time()
    meter = Meter(app := App[None]())
    try:
        async with app.run_test(size=VIEW) as pilot:
            await pilot.pause(0.05)
            rest = thread_time()
    finally:
        meter.restore()
    return Paint((meter.frames[0].at - begin) * 1000, (rest - begin) * 1000)


async def _painted(plan: Plan) -> Paint:
    """Return what it costs until a railway has been drawn."""
    services, goal = box_with(plan)
    _begin()
    begin = thread_time()
    meter = Meter(app := SignalBox(services, goal))
    try:
        async with app.run_test(size=VIEW) as pilot:
            await _settled(pilot)
            rest = thread_time()
    finally:
        meter.restore()
    first = next(frame for frame in meter.frames if frame.rows)
    return Paint((first.at - begin) * 1000, (rest - begin) * 1000)


def _began(plan: Plan) -> tuple[float, Paint]:
    """Return what the first layout costs, and what else it costs to begin with a railway."""
    layouts, paints = [], []
    inline = len(plan.routes) < IN_THE_BACKGROUND
    for _ in range(_PAINTS):
        empty, painted = asyncio.run(_empty()), asyncio.run(_painted(plan))
        layouts.append(_laid_out(plan))
        without = layouts[-1] if inline else 0.0
        paints.append(
            Paint(painted.first - empty.first - without, painted.rest - empty.rest - without)
        )
    first, rest = (median(each) for each in zip(*paints, strict=True))
    return median(layouts), Paint(first, rest)


async def _measured(plan: Plan) -> tuple[Cost, Cost]:
    """Return what a key costs that stays in view, and one that scrolls."""
    box, goal = box_with(plan)
    async with SignalBox(box, goal).run_test(size=VIEW) as pilot:
        app = pilot.app
        await _settled(pilot)
        meter = Meter(app)
        try:
            idle = await _idle(app)
            quiet = [
                await meter.key(app, "tab" if n % 2 else "shift+tab") for n in range(_KEYS)
            ]
            moving = [await meter.key(app, "tab") for _ in range(_KEYS)]
        finally:
            meter.restore()
    return _middle(quiet, idle), _middle(moving, idle)


def _found(size: int) -> Found:
    plan = switched(plan_of(*dense_plan(size, 1)), 1)
    quiet, moving = asyncio.run(_measured(plan))
    layout, paint = _began(plan)
    return Found(quiet, moving, layout, paint, _edited(plan))


def _laid_out(plan: Plan) -> float:
    """Return what the first layout of a plan costs, which a large plan gets in a thread."""
    services, goal = box_with(plan)
    _begin()
    begin = thread_time()
    sight = sight_of(Session(services, goal).base)
    overview_sheet(sight.scene, label_rooms(sight.scene, 30, UNICODE), UNICODE)
    return (thread_time() - begin) * 1000


async def _settled(pilot: Pilot[None]) -> None:
    for _ in range(400):
        await asyncio.sleep(0.05)  # a pause of the pilot's costs more than a key
        found = pilot.app.screen.query(TrackMap)
        if found and found.first().sheet is not None:
            await pilot.pause(0.05)
            return


def _middle(costs: Sequence[Cost], idle: float) -> Cost:
    return Cost(
        max(median(each.ms for each in costs) - idle, 0.0),
        int(median(each.sent for each in costs)),
        int(median(each.rows for each in costs)),
    )


def _edited(plan: Plan) -> float:
    """Return what an edit with the new layout costs, the drawing of it included."""
    services, goal = box_with(plan)
    session = Session(services, goal)
    sight = sight_of(session.base)
    costs = []
    for number in range(7):
        uid = plan.routes[(number * 37) % len(plan.routes)].uid
        births = services.dispatcher.births
        begin = process_time()
        session.make(lambda base: route_after(base, births, uid, "New"))  # noqa: B023
        sight = sight_of(session.base, sight)
        rooms = label_rooms(sight.scene, 30, UNICODE)
        sheet = overview_sheet(sight.scene, rooms, UNICODE)
        for row in range(min(sheet.height, VIEW[1])):
            list(sheet.canvas.spans(row, 0, VIEW[0], UNICODE))
        costs.append((process_time() - begin) * 1000)
    return median(costs)


def _start() -> tuple[float, float]:
    """Return processor milliseconds of `import textual.app`, and until the app has drawn."""
    first = (
        "import asyncio, os\n"
        "from pathlib import Path\n"
        "from stellwerk.tui.app import SignalBox\n"
        "from tests.tui.boxes import box_with\n"
        "async def run():\n"
        "    services, _ = box_with()\n"
        "    async with SignalBox(services).run_test(size=(120, 40)) as pilot:\n"
        "        await pilot.pause()\n"
        "        os._exit(0)\n"
        "asyncio.run(run())\n"
    )
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(7):
        for code, costs in zip(("import textual.app", first), found, strict=True):
            begin = os.times()
            subprocess.run([sys.executable, "-c", code], check=True)
            end = os.times()
            spent = end.children_user + end.children_system
            costs.append((spent - begin.children_user - begin.children_system) * 1000)
    return median(found[0]), median(found[1])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 if a figure is above its bound."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.signal_box", description=__doc__)
    parser.add_argument(
        "--most", type=int, default=max(SIZES), help="routes of the largest plan"
    )
    parser.add_argument("--into", type=Path, help="a page with marks to put the table between")
    wanted = parser.parse_args(argv)
    started, load = today(), load_average()
    rows, missed = [], False
    for size in [each for each in SIZES if each <= wanted.most]:
        found = _found(size)
        rows.append(
            (
                f"{size:,} routes",
                f"{found.quiet.ms:.1f}",
                f"{found.quiet.sent:,}",
                f"{found.quiet.rows}",
                f"{found.scrolling.ms:.1f}",
                f"{found.scrolling.sent:,}",
                f"{found.layout:.0f}",
                f"{found.paint.first:.0f}",
                f"{found.paint.rest:.0f}",
                f"{found.edit:.1f}",
            )
        )
        missed |= found.quiet.ms > _QUIET or found.quiet.sent > _BYTES
        missed |= found.scrolling.ms > _SCROLLING or found.paint.first > _PAINT
        missed |= size <= 100 and found.edit > _EDIT
    bare, app = _start()
    tables = [
        Table("A key in the signal box", _HEAD, tuple(rows)),
        Table(
            "Until it has drawn, with no goal",
            ("import textual.app, ms", "signal box, ms", "ratio"),
            ((f"{bare:.0f}", f"{app:.0f}", f"{app / bare:.2f}"),),
        ),
    ]
    versions = {"Textual": version("textual")}
    lines = described(versions, started, load)
    sys.stdout.write(report(lines, tables, plain))
    if wanted.into:
        text = report(lines, tables, markdown)
        wanted.into.write_text(inserted(wanted.into, text, "signal-box"), "utf-8")
    return int(missed)


_HEAD: Final = (
    *("plan", "selection, ms", "bytes", "rows"),
    *(
        "with scroll, ms",
        "bytes ",
        "first layout, ms",
        "first paint, ms",
        "at rest, ms",
        "edit and layout, ms",
    ),
)


if __name__ == "__main__":
    sys.exit(main())
