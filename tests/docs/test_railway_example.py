"""The tables of the railway page are what the domain computes for the page's own plan."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import progress_of, railway_of
from stellwerk.domain.work import Status
from stellwerk.plugins.api import read_markdown
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.docs.fences import DOCS, fences

PAGE = DOCS / "explanation/railway.md"


def example() -> Plan:
    """Return the plan that the page shows."""
    fence = next(fence for fence in fences(PAGE) if fence.name)
    return read_markdown("plan.md", fence.text, Births(FrozenClock()(), CountedUids())).plan


def rows(first: str) -> list[list[str]]:
    """Return the rows of the table whose first heading that is."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^\| {first} \|.*\n\|---.*\n(?P<rows>(?:\|.*\n)+)", text, re.MULTILINE)
    assert found
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in found["rows"].splitlines()
    ]


def switched(plan: Plan, setting: str) -> Plan:
    """Return a plan with its switch set to an option's letter, or left open."""
    if setting == "open":
        return plan
    switch = plan.switches[0]
    return apply(Choose(switch.uid, plan.index.by_ref[f"d1.{setting}"]), plan)


def worked(plan: Plan, told: str) -> Plan:
    """Return a plan after work as the table tells it: `r1.1.1 done, r2.1.1 diverted`."""
    for ref, status in re.findall(r"(r[\d.]+) (\w+)", told):
        package = plan.package(plan.index.by_ref[ref])
        standing = replace(package.standing, status=Status(status))
        plan = apply(SetStatus(package.uid, standing), plan)
    return plan


@pytest.mark.parametrize("setting", ["open", "a", "b"])
def test_signals_are_as_the_page_says(setting: str):
    """Each route is live, tentative or closed as the table has it."""
    plan = switched(example(), setting)
    signals = {plan.ref(uid): s.value for uid, s in railway_of(plan).signals.items()}
    column = ["open", "a", "b"].index(setting) + 1
    assert signals == {row[0]: row[column] for row in rows("route")}


@pytest.mark.parametrize("row", rows("settled so far"), ids=lambda row: f"{row[0]}-{row[1]}")
def test_ready_settled_and_progress_are_as_the_page_says(row: list[str]):
    """What is ready and settled, and the progress, are as the table has them."""
    told, setting, ready, settled, progress = row
    plan = worked(switched(example(), setting), told)
    railway, counted = railway_of(plan), progress_of(plan)
    now = [plan.ref(uid) for uid in (*railway.ready, *railway.decisions)]
    assert now == ready.split()
    assert sorted(plan.ref(uid) for uid in railway.settled) == settled.split()
    assert f"{counted.done}/{counted.live}" == progress
