"""Thousands of edits undone one by one and redone one by one, alone and among others'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.fields import Rename, Resize
from stellwerk.domain.refs import NO_REFS
from stellwerk.errors import ConflictError, EditError
from stellwerk.exchange.document import Document
from stellwerk.exchange.plan_json import EXPORTER
from tests.fire.goals import opened, planned
from tests.fire.scale import Scale
from tests.fire.table import Row
from tests.fire.wishes import Wisher, edit

EVERY = 10
"""How many edits of one author come before one of the other."""


def trial(scale: Scale, folder: Path) -> Iterator[Row]:
    """Yield the rows of the trial."""
    yield _alone(scale, folder / "alone.db")
    yield _together(max(scale.depth // 10, 20), folder / "together.db")


def _alone(scale: Scale, database: Path) -> Row:
    """Undo and redo everything of one author."""
    began = perf_counter()
    (goal,) = planned(database)
    work, chance = opened(database, "ada"), Random(scale.seed)
    base = work.store.load(goal)
    first = exported(work, goal, refs=False)
    for number in range(scale.depth):
        base = _edited(work, chance, base, f"ada-{number}")
    last, problems = exported(work, goal), []
    start = perf_counter()
    for _ in range(scale.depth):
        base = work.dispatcher.undo(base).after
    middle = perf_counter()
    if exported(work, goal, refs=False) != first:
        problems.append("with all edits undone the export is not the one before them")
    for _ in range(scale.depth):
        base = work.dispatcher.redo(base).after
    end = perf_counter()
    if exported(work, goal) != last:
        problems.append("with all edits redone the export is not the one after them")
    work.store.close()
    figures = {
        "edits undone and redone": scale.depth,
        "ms an undo": round(1000 * (middle - start) / scale.depth, 2),
        "ms a redo": round(1000 * (end - middle) / scale.depth, 2),
    }
    return Row("undo depth", figures, problems, perf_counter() - began)


def exported(work: Stellwerk, goal: str, *, refs: bool = True) -> str:
    """Return the lossless export of a goal as it is stored.

    `refs` are those ever handed out: a table that an undo leaves alone, so that none of
    them is ever handed out again.
    """
    base = work.store.load(goal)
    book = base.book if refs else NO_REFS
    document = Document(base.plan, work.store.notes(goal), book)
    return EXPORTER.files(document, folder=False)["plan.json"]


def _edited(work: Stellwerk, chance: Random, base: Any, mark: str) -> Any:
    """Return the goal after an edit that fits it."""
    while True:
        with suppress(EditError):
            return work.dispatcher.make(base, edit(Wisher(work, chance, base, mark))).after


def _together(depth: int, database: Path) -> Row:
    """Undo the edits of one author among those of another, who keeps theirs."""
    began = perf_counter()
    (goal,) = planned(database)
    ada, bob = opened(database, "ada"), opened(database, "bob")
    base = ada.store.load(goal)
    packages = [package.uid for package in base.plan.packages]
    wanted, sizes = base.plan, 0
    for number in range(depth):
        uid = packages[number % len(packages)]
        base = ada.dispatcher.make(base, Rename(uid, f"ada-{number}")).after
        if number % EVERY == 0:
            size = Resize(uid, number % 8 + 1, number % 11)
            base, wanted, sizes = (
                bob.dispatcher.make(base, size).after,
                apply(size, wanted),
                sizes + 1,
            )
    whole = base.plan
    for _ in range(depth):
        base = ada.dispatcher.undo(base).after
    problems = [] if base.plan == wanted else ["an undo took another author's edits with it"]
    for _ in range(depth):
        base = ada.dispatcher.redo(base).after
    problems += [] if base.plan == whole else ["a redo brought back something else"]
    problems += _refused(ada, bob, base, packages[0])
    for work in (ada, bob):
        work.store.close()
    figures = {"edits undone and redone": depth, "edits of another author among them": sizes}
    return Row("undo among others", figures, problems, perf_counter() - began)


def _refused(ada: Stellwerk, bob: Stellwerk, base: Any, uid: str) -> Iterator[str]:
    """Yield what is wrong with an undo of a field that another author wrote since."""
    base = ada.dispatcher.make(base, Rename(uid, "hers")).after
    base = bob.dispatcher.make(base, Rename(uid, "his")).after
    try:
        ada.dispatcher.undo(base)
        yield "an undo overwrote what another author had written since"
    except ConflictError as error:
        if f"Revision {base.revision} is in the way" not in error.message:
            yield f"a refused undo does not name the later edit: {error.message}"
    if ada.store.load(base.plan.goal.uid).plan != base.plan:
        yield "a refused undo changed the plan"
