"""The benchmark measures the same tasks everywhere, and nothing that failed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from stellwerk.domain.railway import railway_of
from stellwerk.domain.work import Status
from tests.benchmarks.__main__ import main
from tests.benchmarks.goals import verdicts
from tests.benchmarks.installing import install
from tests.benchmarks.machine import model
from tests.benchmarks.peers import PEERS, backlog, stellwerk, taskmaster, taskwarrior
from tests.benchmarks.peers.peer import Ground, Peer, caller
from tests.benchmarks.plans import Shape, plan_of
from tests.benchmarks.rounds import Result, Row, baselines, interspersed, run_rounds
from tests.benchmarks.table import CLOSES, Table, inserted, markdown, plain, tables
from tests.benchmarks.tasks import Work, generated, ready
from tests.benchmarks.timing import BenchmarkError, Call, Sample, measured

SIZES = (20, 200)
Tasks = dict[int, tuple[bool, frozenset[int]]]

OPENS = "<!-- benchmark -->"


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """Return a ground with one small size."""
    return Ground(tmp_path, tmp_path, (20,), 0, lambda _: None)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Return a folder with what a short run wrote, and its exit code."""
    folder = tmp_path_factory.mktemp("run")
    page = folder / "page.md"
    page.write_text(f"Before\n{OPENS}\nold\n{CLOSES}\nAfter\n", "utf-8")
    own = ["--sizes", "20", "--rounds", "1", "--peers", "stellwerk", "--journal", "2"]
    files = ["--cache", str(folder), "--into", str(page), "--json", str(folder / "raw.json")]
    return folder, main([*own, *files])


def python(code: str, folder: Path) -> Call:
    """Return the call of a bit of Python."""
    return Call((sys.executable, "-c", code), folder, {})


def timed(
    tool: str, verb: str, *walls: float, size: int, shape: str = "", beside: str = ""
) -> Result:
    """Return a result with given times."""
    row = Row(tool, verb, caller((), Path(), {}), size, shape, beside=beside)
    return Result(row, tuple(Sample(wall, wall / 2) for wall in walls))


def of_stellwerk(tasks: Sequence[Work], shape: Shape) -> Tasks:
    """Return what a plan of Stellwerk says about tasks."""
    plan = plan_of(tasks, shape)
    numbers = {package.uid: at for at, package in enumerate(plan.packages, start=1)}
    return {
        numbers[package.uid]: (
            package.status is Status.DONE,
            frozenset(numbers[uid] for uid in package.needs),
        )
        for package in plan.packages
    }


def of_taskwarrior(tasks: Sequence[Work]) -> Tasks:
    """Return what an import of Taskwarrior says about tasks."""
    found = taskwarrior.document(tasks)
    numbers = {task["uuid"]: at for at, task in enumerate(found, start=1)}
    return {
        numbers[task["uuid"]]: (
            task["status"] == "completed",
            frozenset(numbers[uuid] for uuid in task["depends"]),
        )
        for task in found
    }


def of_taskmaster(tasks: Sequence[Work]) -> Tasks:
    """Return what a file of Task Master says about tasks."""
    return {
        int(task["id"]): (task["status"] == "done", frozenset(map(int, task["dependencies"])))
        for task in taskmaster.document(tasks)["master"]["tasks"]
    }


def of_backlog(tasks: Sequence[Work]) -> Tasks:
    """Return what files of Backlog.md say about tasks."""
    pages = [backlog.page(work) for work in tasks]
    return {
        int(re.findall(r"^id: TASK-(\d+)$", page, re.MULTILINE)[0]): (
            "\nstatus: Done\n" in page,
            frozenset(map(int, re.findall(r"^  - TASK-(\d+)$", page, re.MULTILINE))),
        )
        for page in pages
    }


@pytest.mark.parametrize("size", SIZES)
def test_every_tool_is_given_the_same_tasks(size: int):
    tasks = generated(size)
    expected = {work.number: (work.done, frozenset(work.needs)) for work in tasks}
    for shape in Shape:
        assert of_stellwerk(tasks, shape) == expected
    assert of_taskwarrior(tasks) == expected
    assert of_taskmaster(tasks) == expected
    assert of_backlog(tasks) == expected


@pytest.mark.parametrize("size", SIZES)
def test_tasks_are_drawn_as_told(size: int):
    tasks = generated(size)
    assert tasks == generated(size) != generated(size, seed=2)
    assert [work.number for work in tasks] == list(range(1, size + 1))
    assert [work.number for work in tasks if work.done] == list(range(1, size // 3 + 1))
    counts = {len(work.needs) for work in tasks}
    assert {0, 1, 2} <= counts <= {0, 1, 2, 3}
    distances = {work.number - need for work in tasks for need in work.needs}
    assert 0 < min(distances) <= max(distances) <= 40


@pytest.mark.parametrize("size", [*SIZES, 1000])
def test_stellwerk_finds_the_same_tasks_ready_where_routes_have_no_edges(size: int):
    tasks = generated(size)
    plan = plan_of(tasks, Shape.FLAT)
    by_uid = {work.uid.hex: work.number for work in tasks}
    found = {by_uid[uid] for uid in railway_of(plan).ready}
    assert found == set(ready(tasks)) != set()


@pytest.mark.parametrize("size", SIZES)
def test_taskwarrior_finds_the_same_tasks_ready(size: int, ground: Ground):
    program = taskwarrior.PEER.find(ground.cache)
    if program is None:
        pytest.skip("Taskwarrior is not installed: apt-get install taskwarrior")
    tasks = generated(size)
    store = taskwarrior.Store(program, ground, tasks)
    assert set(store.ready()) == {str(tasks[number - 1].uid) for number in ready(tasks)}


def test_a_line_of_routes_ends_in_a_switch_and_has_something_to_start():
    plan = plan_of(generated(200), Shape.LINE)
    *line, decision, left, right = plan.routes
    assert [len(list(route.packages)) for route in line] == [40] * 5
    assert [plan.switches[0].route] == [decision.uid]
    assert {option.head for option in plan.switches[0].options} == {left.uid, right.uid}
    assert stellwerk.startable(plan)


def test_a_short_run_prints_the_table_and_a_row_for_every_verb(run: tuple[Path, int]):
    folder, code = run
    assert code == 0
    found = json.loads((folder / "raw.json").read_text("utf-8"))["results"]
    for shape in ("flat", "line", "line, 2 entries"):
        verbs = {each["command"] for each in found if each["plan"] == shape}
        wanted = set(stellwerk.HOT) - ({"choose"} if shape == "flat" else set())
        assert wanted <= verbs
        assert {"next, name set", "done, name set"} <= verbs
    assert all(sample["wall"] > 0 for each in found for sample in each["samples"])
    assert all(sample["cpu"] > 0 for each in found for sample in each["samples"])


def test_the_table_of_a_run_replaces_the_one_in_a_page(run: tuple[Path, int]):
    page = (run[0] / "page.md").read_text("utf-8")
    assert page.startswith(f"Before\n{OPENS}\n\nTaken on ")
    assert page.endswith(f"\n\n{CLOSES}\nAfter\n")
    assert "old" not in page
    for verb in stellwerk.HOT:
        assert f"| Stellwerk | {verb} | line |" in page
    assert "| 20 packages: 1.6 × baseline | flat |" in page
    assert "| Python | -c “import typer, rich” |" in page


def test_a_run_leaves_only_what_the_next_one_can_use(run: tuple[Path, int]):
    kept = {path.name for path in run[0].iterdir()}
    assert kept == {"page.md", "raw.json", "databases"}


def test_a_page_without_marks_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "page.md"
    page.write_text(CLOSES + OPENS, "utf-8")
    assert main(["--into", str(page), "--cache", str(tmp_path / "cache")]) == 1
    assert "has no line" in capsys.readouterr().err
    assert not (tmp_path / "cache").exists()
    with pytest.raises(BenchmarkError, match="There is no page"):
        inserted(tmp_path / "none.md", "")


@pytest.mark.parametrize(
    "argv",
    ["--sizes 19", "--rounds 0", "--peers nobody", "--journal 3", "--sizes many"],
)
def test_what_cannot_be_measured_is_a_wrong_call(
    argv: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit, match="2"):
        main(argv.split())
    assert argv.split(maxsplit=1)[0] in capsys.readouterr().err


def test_a_tool_that_is_missing_is_told_and_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    own = ["--sizes", "20", "--rounds", "1", "--cache", str(tmp_path / "cache")]
    assert main([*own, "--peers", "taskwarrior,backlog,taskmaster"]) == 0
    printed = capsys.readouterr().out
    assert "Taskwarrior not installed, Backlog.md not installed" in printed
    assert "20 tasks" not in printed


def test_a_missing_tool_has_its_column_beside_the_others():
    results = [
        timed("python", "baseline", 0.1, size=20, beside="taskwarrior"),
        timed("taskwarrior", "task N done", 0.02, size=20),
    ]
    found = tables(results, {"taskwarrior": "Taskwarrior", "backlog": "Backlog.md"})
    assert ("finish one, 20", "0.020 (0.010)", "not installed") in found[0].rows


def test_a_tool_that_cannot_be_installed_is_told(tmp_path: Path):
    told: list[str] = []

    def missing(*words: str) -> Peer:
        return Peer("x", "X", lambda _: None, lambda *_: [], lambda _: words)

    install(missing(str(tmp_path / "nothing")), tmp_path, told.append)
    install(
        missing(sys.executable, "-c", "raise SystemExit('no room')"), tmp_path, told.append
    )
    install(PEERS["stellwerk"], tmp_path, told.append)
    assert len(told) == 4
    assert "cannot be run" in told[1]
    assert "no room" in told[3]


def test_time_is_wall_clock_and_the_cpu_time_of_children(tmp_path: Path):
    busy = "x = sum(range(3_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{busy}'])"
    idle, _ = measured(python("import time; time.sleep(0.3)", tmp_path), tmp_path)
    worked, _ = measured(python(child, tmp_path), tmp_path)
    assert idle.wall >= 0.3 > idle.cpu
    assert worked.cpu > 0.02


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said(tmp_path: Path):
    with pytest.raises(BenchmarkError, match="ended with 1:\nno such task"):
        measured(python("raise SystemExit('no such task')", tmp_path), tmp_path)


def test_a_command_that_says_or_changes_nothing_ends_the_benchmark(tmp_path: Path):
    call = caller((sys.executable, "-c", "print('no tasks')"), tmp_path, {})
    silent = Row("x", "list", call, shows="number 20")
    with pytest.raises(BenchmarkError, match="nothing like 'number 20'"):
        run_rounds([silent], 1, tmp_path, lambda _: None)
    idle = Row("x", "done", call, changed=lambda _: False)
    with pytest.raises(BenchmarkError, match="changed nothing"):
        run_rounds([idle], 1, tmp_path, lambda _: None)


def test_every_command_has_its_turn_in_every_round(tmp_path: Path):
    turns: list[tuple[str, int]] = []

    def row(verb: str) -> Row:
        def prepare(number: int) -> None:
            turns.append((verb, number))

        return Row("x", verb, lambda _: python("", tmp_path), prepare=prepare)

    results = run_rounds([row("a"), row("b")], 2, tmp_path, lambda _: None)
    assert turns == [(verb, number) for number in (0, 1, 2) for verb in "ab"]
    assert [len(each.samples) for each in results] == [2, 2]


def test_a_baseline_comes_before_each_block(tmp_path: Path):
    def row(tool: str, verb: str, size: int = 0) -> Row:
        return Row(tool, verb, lambda _: python("", tmp_path), size)

    rows = [row("a", "x", 1), row("a", "y", 1), row("a", "x", 2), row("b", "x", 2)]
    found = interspersed(rows, row("python", "baseline"))
    assert [each.verb for each in found] == "baseline x y baseline x baseline x".split()
    bases = baselines(run_rounds(found, 1, tmp_path, lambda _: None))
    assert list(bases) == [("a", 1, ""), ("a", 2, ""), ("b", 2, "")]
    assert all(bases[each.block].row.tool == "python" for each in rows)


def test_a_verdict_names_the_verbs_that_miss_a_goal():
    found = verdicts(
        [
            timed("python", "baseline", 0.1, 0.1, size=20, shape="flat", beside="stellwerk"),
            timed("stellwerk", "next", 0.1, 0.2, size=20, shape="flat"),
            timed("stellwerk", "done", 0.1, 0.3, size=20, shape="flat"),
            timed("python", "baseline", 0.2, size=10_000, shape="flat", beside="stellwerk"),
            timed("stellwerk", "next", 0.48, 0.48, size=10_000, shape="flat"),
            timed("stellwerk", "done", 0.5, 0.5, size=10_000, shape="flat"),
            timed("python", "baseline", 0.001, size=20, beside="taskwarrior"),
        ]
    )
    assert [(each.met, each.met_at_best) for each in found] == [
        ("1/2", "2/2"),
        ("1/2", "1/2"),
        ("0/2", "0/2"),
    ]
    assert [list(each.missed) for each in found] == [["done"], ["done"], ["next", "done"]]
    assert found[0].missed["done"] == pytest.approx(2.0)


def test_a_slow_command_of_another_tool_is_run_only_once(tmp_path: Path):
    rows = [Row(tool, "list", lambda _: python("", tmp_path)) for tool in ("x", "stellwerk")]
    results = run_rounds(rows, 3, tmp_path, lambda _: None, slow=0)
    assert [len(each.samples) for each in results] == [1, 3]


def test_a_command_without_end_is_stopped_and_shown_as_longer(tmp_path: Path):
    endless = python("import time; time.sleep(60)", tmp_path)
    sample, _ = measured(endless, tmp_path, patience=0.2)
    assert sample.stopped
    assert 0.2 <= sample.wall < 30
    row = Row("x", "list", lambda _: endless, 20)
    base = timed("python", "baseline", 0.1, size=20, beside="x")
    found = tables([base, Result(row, (sample,))], {"x": "X"})
    assert f"> {sample.wall:.3f}" in plain(found[-1])
    assert "1 (stopped)" in plain(found[-1])


def test_tables_are_aligned_or_markdown():
    table = Table("Title", ("verb", "s"), (("next", "0.1"), ("completion", "10.0")))
    assert plain(table).splitlines() == [
        "Title",
        "",
        "verb           s",
        "----------  ----",
        "next         0.1",
        "completion  10.0",
    ]
    assert markdown(table).splitlines() == [
        "### Title",
        "",
        "| verb | s |",
        "| --- | --: |",
        "| next | 0.1 |",
        "| completion | 10.0 |",
    ]


def test_the_processor_is_named_as_the_kernel_names_it(tmp_path: Path):
    source = tmp_path / "cpuinfo"
    source.write_text("processor : 0\nmodel name : Abacus 3000\n", "utf-8")
    assert model(source) == "Abacus 3000"
    assert model(tmp_path / "none")
