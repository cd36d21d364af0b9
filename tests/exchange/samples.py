"""A small plan with one of everything, and its exports as somebody would edit them."""

from __future__ import annotations

from datetime import date
from typing import Final

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Absence, Goal, Person, Role
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.refs import RefBook
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage, digest
from stellwerk.exchange import markdown
from stellwerk.exchange.document import Document
from stellwerk.testing.clock import CountedUids, FrozenClock

NOW: Final = FrozenClock().now
NOTES: Final = {
    "a": "## Summary\n\nAsk around.\n\n## Steps\n\n1. Call Ada.\n2. Write it down.\n",
    "c": "Just a line.\n",
}


def a_document() -> Document:
    """Return the plan: r1 with a decision for r2 or r3, which merge in r4.

    Packages are `a` r1.1.1, `b` r1.1.2 (needs a), `c` r2.1.1 and `e` r4.1.1; r1.1.3 and r5
    were handed out once.
    """
    ask = WorkPackage(
        *("a", 1, "Ask people", NOW, digest(NOTES["a"]), 2, 5, ThreePoint(1.0, 2.5, 8.0)),
        assignee="ada",
    )
    count = WorkPackage("b", 2, "Count answers", NOW, needs=("a",), elapsed_days=3)
    sell = WorkPackage("c", 1, "Sell", NOW, digest(NOTES["c"]), standing=Standing(Status.DONE))
    rest = WorkPackage("e", 1, "Rest", NOW)
    routes = (
        Route("r-ask", 1, "Ask", NOW, "Find out.", tasks=(_task("t1", ask, count),)),
        Route("r-sell", 2, "Sell", NOW, "", RouteKind.BRANCH, (_task("t2", sell),)),
        Route("r-give", 3, "Give away", NOW, "", RouteKind.BRANCH),
        Route("r-end", 4, "Enjoy", NOW, tasks=(_task("t4", rest),)),
    )
    edges = (
        ("r-ask", "r-give"),
        ("r-ask", "r-sell"),
        ("r-give", "r-end"),
        ("r-sell", "r-end"),
    )
    options = (
        Option("o-sell", 1, "Take money", "r-sell", NOW, "Feeds us.", 0.7),
        Option("o-give", 2, "Take none", "r-give", NOW),
    )
    switch = Switch("d", 1, "r-ask", "Money?", NOW, "Think.", options, None, "o-sell")
    ada = Person("ada", 1, "Ada", NOW, Role.HELPER, absences=(_holiday(),))
    goal = Goal("goal", "a-goal", "A goal", NOW, "Why not.", target_date=date(2027, 1, 1))
    plan = Plan(goal, routes, tuple(Edge(*pair) for pair in edges), (switch,), (ada,))
    book = RefBook({"t1": 3, "r": 5}, {"r2.9": "t1"})
    return Document(plan, NOTES, book.following(Plan(goal), plan))


def one_file() -> str:
    """Return the plan as one Markdown file."""
    return markdown.EXPORTER.files(a_document(), folder=False)["plan.md"]


def folder() -> dict[str, str]:
    """Return the plan as a Markdown folder."""
    return markdown.EXPORTER.files(a_document(), folder=True)


def edited(text: str, *changes: tuple[str, str]) -> str:
    """Return a text with each first string, which stands there once, replaced."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def read(text: str) -> Document:
    """Return the plan in one Markdown file."""
    return read_folder({"plan.md": text})


def read_folder(files: dict[str, str]) -> Document:
    """Return the plan in some Markdown files; new uids count up from 1000."""
    return markdown.IMPORTER.read(files, Births(NOW, CountedUids(999)))


def line_of(text: str, part: str) -> int:
    """Return the number of the only line with that part, from 1."""
    found = [at for at, line in enumerate(text.split("\n"), 1) if part in line]
    assert len(found) == 1, f"{part!r} is on the lines {found}"
    return found[0]


def _task(uid: str, *packages: WorkPackage) -> Task:
    return Task(uid, 1, f"Task {uid}", NOW, packages=packages)


def _holiday() -> Absence:
    return Absence(date(2026, 8, 1), date(2026, 8, 14))
