"""Plays a run on this terminal: `python -m tests.cli.rehearse [--speed N] [--end ERROR] ...`.

So that one can look at how progress is told, and tests can in real terminals.
"""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

from stellwerk.cli.desk import Desk
from stellwerk.cli.progress import telling
from stellwerk.cli.streams import prepare
from tests.planning.rehearsal import ROUTES, Luck, Rehearsal

ENDS = {"error": ValueError, "interrupt": KeyboardInterrupt}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--style", default="auto")
    parser.add_argument("--speed", type=float, default=1.0, help="times as fast")
    parser.add_argument("--stop", type=float, default=1e9, help="after so many seconds")
    parser.add_argument("--end", choices=[*ENDS, "fine", "hang"], default="fine")
    parser.add_argument("--say", default="", help="said above the block, half-way")
    parser.add_argument("--times", type=int, default=1, help="so many times the routes")
    parser.add_argument("--smooth", action="store_true", help="let nothing go wrong")
    parser.add_argument("-v", dest="verbose", action="count", default=0)
    given = parser.parse_args()
    prepare()
    luck = Luck(0.15, 0.1, 0.05, 0.0, 0.05, 0.1)
    luck = Luck() if given.smooth else luck
    run = Rehearsal(Random(2), luck, ROUTES * given.times)
    try:
        play(given, run)
    except (ValueError, KeyboardInterrupt) as error:
        sys.stderr.write(f"ended by {type(error).__name__}\n")
    sys.stdout.write("and the summary follows\n")


def play(given: argparse.Namespace, run: Rehearsal) -> None:
    """Tell the events of a run at their times."""
    moments, began = run.moments(), time.monotonic()
    with telling(Desk(verbose=given.verbose), given.style) as tell:
        for number, (at, event) in enumerate(moments):
            if at > given.stop:
                break
            time.sleep(max(began + at / given.speed - time.monotonic(), 0))
            tell(event)
            if given.say and number == len(moments) // 2:
                sys.stderr.write(f"{given.say}\n")
        if given.end in ENDS:
            raise ENDS[given.end]
        while given.end == "hang":
            time.sleep(0.05)


if __name__ == "__main__":
    main()
