"""Plan a goal, change the plan, undo the change and export it, all from Python."""

from __future__ import annotations

import tempfile
from pathlib import Path

import stellwerk

with tempfile.TemporaryDirectory() as folder:
    work = stellwerk.open(Path(folder) / "plans.db")

    plan = work.plan("Learn to juggle")
    print(f"{plan.goal.title}: {len(plan.routes)} routes, {len(list(plan.packages))} packages")

    first = plan.routes[0]
    plan = work.edit(plan, stellwerk.Rename(first.uid, "Find out what it takes"))
    print(plan.routes[0].title)

    work.dispatcher.undo(work.dispatcher.open(plan.goal.slug))
    plan = work.load(plan.goal.slug)
    print(plan.routes[0].title == first.title)

    print(work.export(plan).splitlines()[1])
