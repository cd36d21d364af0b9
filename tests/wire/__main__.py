"""`python -m tests.wire [--url-file FILE] ...`: a planning server in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from tests.wire.planning_server import Behaviour, PlanningServer
from tests.wire.trouble import FAULTS


async def main() -> None:
    """Serve until killed; the URL goes to a file, or to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--url-file", type=Path)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--routes", type=int, default=6)
    parser.add_argument("--faults", default="", help="by name, comma separated")
    parser.add_argument("--sound", type=int, default=0, help="answer so many well first")
    wanted = parser.parse_args()
    behaviour = Behaviour(
        latency=wanted.latency,
        rate=wanted.rate,
        faults=tuple(wanted.faults.split(",")) if wanted.faults else FAULTS,
        seed=wanted.seed,
        sound=wanted.sound,
        routes=wanted.routes,
        journal=wanted.journal,
    )
    async with PlanningServer(behaviour) as server:
        if wanted.url_file:
            wanted.url_file.write_text(server.url)
        else:
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
