"""`python -m tests.benchmarks`: measure Stellwerk and other planning tools in one run."""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from stellwerk.errors import StellwerkError
from tests.benchmarks.goals import verdicts
from tests.benchmarks.installing import install
from tests.benchmarks.machine import described, load_average, today
from tests.benchmarks.peers import PEERS
from tests.benchmarks.peers.peer import Ground, Program, caller
from tests.benchmarks.rounds import BASELINE, Result, Row, interspersed, run_rounds
from tests.benchmarks.table import inserted, markdown, plain, report, tables

CACHE: Final = Path.home() / ".cache" / "stellwerk-benchmarks"
_BASELINE: Final = "import typer, rich"
_NOT_INSTALLED: Final = "not installed"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 unless a goal was missed under `--strict`, or it broke off."""
    wanted = _parser().parse_args(argv)
    try:
        return _benchmark(wanted)
    except StellwerkError as error:
        _narrate(f"Error: {error.message}\n{error.hint}")
        return 1


def _benchmark(wanted: Namespace) -> int:
    if wanted.into:
        inserted(wanted.into, "")
    wanted.cache.mkdir(parents=True, exist_ok=True)
    started = today()
    with tempfile.TemporaryDirectory(dir=wanted.cache, prefix="run-") as folder:
        ground = Ground(Path(folder), wanted.cache, wanted.sizes, wanted.journal, _narrate)
        programs = _programs(wanted, ground)
        versions = _versions(programs, ground)
        rows: list[Row] = []
        for name, program in programs.items():
            _narrate(f"laying out {PEERS[name].title}")
            rows += PEERS[name].rows(program, ground) if program else []
        load = load_average()
        rows = interspersed(rows, _baseline(ground))
        results = run_rounds(rows, wanted.rounds, ground.scratch, _narrate)
    _tell(wanted, described(versions, started, load), results)
    missed = any(verdict.missed for verdict in verdicts(results))
    return 1 if wanted.strict and missed else 0


def _tell(wanted: Namespace, lines: Sequence[str], results: Sequence[Result]) -> None:
    titles = {BASELINE: "Python"} | {name: PEERS[name].title for name in wanted.peers}
    found = tables(results, titles)
    shown = report(lines, found, markdown if wanted.markdown else plain)
    sys.stdout.write(shown)
    if wanted.into:
        text = inserted(wanted.into, report(lines, found, markdown))
        wanted.into.write_text(text, "utf-8")
    if wanted.json:
        data = {"about": list(lines), "results": [_data(each) for each in results]}
        wanted.json.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


def _data(result: Result) -> dict[str, Any]:
    row = result.row
    return {
        "tool": row.tool,
        "command": row.verb,
        "plan": row.shape,
        "size": row.size,
        "samples": [asdict(sample) for sample in result.samples],
    }


def _programs(wanted: Namespace, ground: Ground) -> dict[str, Program | None]:
    programs = {}
    for name in wanted.peers:
        if wanted.install:
            install(PEERS[name], ground.cache, _narrate)
        programs[name] = PEERS[name].find(ground.cache)
        if programs[name] is None:
            _narrate(f"{PEERS[name].title} is {_NOT_INSTALLED}")
    return programs


def _versions(programs: Mapping[str, Program | None], ground: Ground) -> dict[str, str]:
    return {
        PEERS[name].title: PEERS[name].version(program, ground) if program else _NOT_INSTALLED
        for name, program in programs.items()
    }


def _baseline(ground: Ground) -> Row:
    words = (sys.executable, "-c", _BASELINE)
    return Row(
        BASELINE, f"-c “{_BASELINE}”", caller(words, ground.folder, ground.environment())
    )


def _narrate(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    add = parser.add_argument
    add("--sizes", type=_sizes, default="20,1000,10000", help="how many tasks (%(default)s)")
    add("--rounds", type=_count, default=7, help="runs of every command (%(default)s)")
    add("--peers", type=_peers, default=",".join(PEERS), help="which tools (%(default)s)")
    add(
        "--journal",
        type=_entries,
        default=10_000,
        help="entries of a long history (%(default)s)",
    )
    add("--install", action="store_true", help="install missing tools, with apt-get and npm")
    add("--cache", type=_folder, default=CACHE, help="folder of tools and plans (%(default)s)")
    add("--markdown", action="store_true", help="print Markdown")
    add("--into", type=Path, metavar="PAGE", help="put it into a page, as Markdown")
    add("--json", type=Path, metavar="FILE", help="write every sample into a file")
    add("--strict", action="store_true", help="end with 1 if a goal is missed")
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({_size(part) for part in text.split(",")}))


def _size(text: str) -> int:
    if (size := int(text)) < 20:
        raise ArgumentTypeError("a plan has at least 20 tasks")
    return size


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise ArgumentTypeError("there is at least one round")
    return count


def _entries(text: str) -> int:
    if (count := int(text)) < 0 or count % 2:
        raise ArgumentTypeError("a history has an even number of entries, or none")
    return count


def _folder(text: str) -> Path:
    return Path(text).absolute()


def _peers(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in PEERS]:
        raise ArgumentTypeError(f"{unknown[0]} is none of {', '.join(PEERS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
