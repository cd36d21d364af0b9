"""`python -m tests.fire`: put the store under fire and print one table of figures."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import format_exc

from tests.cli.terminal import clean_environment
from tests.fire import concurrency, faults, kills, undo
from tests.fire.scale import SHORT, Scale
from tests.fire.table import Row, as_data, table

TRIALS: Mapping[str, Callable[[Scale, Path], Iterator[Row]]] = {
    "concurrency": concurrency.trial,
    "kills": kills.trial,
    "faults": faults.trial,
    "undo": undo.trial,
}
BEGIN, END = "<!-- fire -->", "<!-- end -->"
ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials that are asked for; 1 if anything was lost or broken."""
    asked = _parser().parse_args(arguments)
    given = {
        "seconds": asked.seconds,
        "writers": asked.writers,
        "kills": asked.kills,
        "depth": asked.undo_depth,
        "seed": asked.seed,
    }
    scale = SHORT if asked.short else Scale()
    scale = replace(scale, **{name: n for name, n in given.items() if n is not None})
    with TemporaryDirectory(prefix="stellwerk-fire-") as folder:
        rows = list(_rows(asked.only or list(TRIALS), scale, Path(folder)))
    sys.stdout.write(f"{table(rows)}\n")
    if asked.json:
        asked.json.write_text(json.dumps(as_data(rows), indent=2) + "\n")
    if asked.page:
        text = asked.page.read_text(encoding="utf-8")
        asked.page.write_text(placed(text, f"{circumstances()}\n\n{table(rows)}"))
    return 0 if all(row.whole for row in rows) else 1


def _rows(trials: Sequence[str], scale: Scale, folder: Path) -> Iterator[Row]:
    """Run trials in a home of nobody's, one after the other."""
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(clean_environment(folder / "home", PYTHONPATH=str(ROOT)))
    del os.environ["STELLWERK_USER_NAME"]
    try:
        for name in trials:
            place = folder / name
            place.mkdir()
            with chdir(place):
                for row in _tried(name, scale, place):
                    sys.stderr.write(f"{' | '.join(row.cells)}\n")
                    sys.stderr.flush()
                    yield row
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _tried(name: str, scale: Scale, folder: Path) -> Iterator[Row]:
    """Yield the rows of a trial; one that cannot go on is broken."""
    try:
        yield from TRIALS[name](scale, folder)
    except Exception:  # noqa: BLE001  (the other trials go on)
        yield Row(name, {}, [format_exc()])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fire", description=__doc__)
    full = Scale()
    parser.add_argument("--short", action="store_true", help="all trials in about 20 s")
    parser.add_argument("--seconds", type=float, help=f"writers write ({full.seconds:g})")
    parser.add_argument("--writers", type=int, help=f"at once ({full.writers})")
    parser.add_argument("--kills", type=int, help=f"of writing processes ({full.kills})")
    parser.add_argument("--undo-depth", type=int, help=f"edits undone ({full.depth})")
    parser.add_argument("--seed", type=int, help=f"of chance ({full.seed})")
    parser.add_argument("--only", type=_trials, metavar="TRIAL,...", help=", ".join(TRIALS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table into a page")
    return parser


def placed(page: str, text: str) -> str:
    """Return a page with a text between its comments `fire` and `end`."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def circumstances() -> str:
    """Return when and on what a run was made."""
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    on = f"{platform.system()}, {os.cpu_count()} processors, Python {python}, SQLite {sqlite}"
    return f"{datetime.now(UTC):%Y-%m-%d} on {on}:"


def _trials(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - TRIALS.keys():
        raise argparse.ArgumentTypeError(f"there is no trial {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
