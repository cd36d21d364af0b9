"""What people do to a plan, at random: as edits, and as calls of the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.edits import compound, fields
from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.items import Add
from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.work import Standing, Status, Task, WorkPackage, digest

STATUSES = ("start", "done", "reopen", "divert", "wait")


@dataclass(frozen=True)
class Wisher:
    """Somebody who wishes something of a plan.

    Attributes:
        work: The services.
        chance: What decides.
        base: The goal as they last saw it.
        mark: A text that nobody else writes.
    """

    work: Stellwerk
    chance: Random
    base: Any
    mark: str

    @property
    def plan(self) -> Plan:
        """The plan as they last saw it."""
        return self.base.plan

    def one(self, kind: type) -> str:
        """Return the uid of an item of a kind (IndexError if there is none)."""
        uids = [uid for uid, item in self.plan.index.items.items() if isinstance(item, kind)]
        return self.chance.choice(uids)

    def ref(self, kind: type) -> str:
        """Return the ref of an item of a kind (IndexError if there is none)."""
        return self.plan.ref(self.one(kind))


def _status(wisher: Wisher) -> Edit:
    uid, now = wisher.one(WorkPackage), wisher.work.dispatcher.clock()
    standing = wisher.chance.choice(
        (
            Standing(Status.DOING, started_at=now, reason=wisher.mark),
            Standing(Status.DONE, started_at=now, finished_at=now, reason=wisher.mark),
            Standing(Status.WAITING, waiting_for="Ada", reason=wisher.mark),
            Standing(reason=wisher.mark),
        )
    )
    return SetStatus(uid, standing)


def _rename(wisher: Wisher) -> Edit:
    return fields.Rename(wisher.one(object), wisher.mark)


def _rewrite(wisher: Wisher) -> Edit:
    uid = wisher.one(WorkPackage)
    old = wisher.work.store.notes(wisher.plan.goal.uid, [uid]).get(uid, "")
    return fields.Rewrite(uid, old, f"## Summary\n\n{wisher.mark}\n")


def _add(wisher: Wisher) -> Edit:
    task, births = wisher.one(Task), wisher.work.dispatcher.births
    uid, text = births.new_uid(), f"{wisher.mark}\n"
    number = wisher.base.book.next(task)
    package = WorkPackage(uid, number, wisher.mark, births.now, digest(text))
    return Add(package, task, 0, {uid: text})


def _remove(wisher: Wisher) -> Edit:
    uid = wisher.one(WorkPackage)
    notes = wisher.work.store.notes(wisher.plan.goal.uid, [uid])
    return compound.removal(wisher.plan, uid, notes)


def _link(wisher: Wisher, kind: type) -> Edit:
    births = wisher.work.dispatcher.births
    pair = wisher.one(kind), wisher.one(kind)
    return compound.linking(wisher.plan, wisher.base.book, births, *pair)


def _choose(wisher: Wisher) -> Edit:
    switch = wisher.chance.choice(wisher.plan.switches)
    return Choose(switch.uid, wisher.chance.choice(switch.options).uid)


EDITS: dict[Callable[[Wisher], Edit], int] = {
    _status: 30,
    _rename: 16,
    _rewrite: 10,
    _add: 8,
    _remove: 6,
    lambda wisher: _link(wisher, WorkPackage): 5,
    lambda wisher: _link(wisher, Route): 1,
    _choose: 6,
}


def edit(wisher: Wisher) -> Edit:
    """Return an edit that fits the plan as the wisher sees it, or EditError."""
    while True:
        (wish,) = wisher.chance.choices(list(EDITS), list(EDITS.values()))
        try:
            return wish(wisher)
        except IndexError:
            continue


def act(wisher: Wisher) -> Any:
    """Make an edit, or undo or redo one; return the outcome, or raise what came of it."""
    dispatcher, what = wisher.work.dispatcher, wisher.chance.random()
    if what < 0.12:
        return dispatcher.undo(wisher.base)
    if what < 0.18:
        return dispatcher.redo(wisher.base)
    wish = edit(wisher)
    apply(wish, wisher.plan)  # what never fitted is no conflict, whatever changed meanwhile
    return dispatcher.make(wisher.base, wish)


def command(wisher: Wisher) -> tuple[list[str], str]:
    """Return the words of a call and what it reads from standard input."""
    while True:
        try:
            return wisher.chance.choice(COMMANDS)(wisher)
        except IndexError:
            continue


def batch(wisher: Wisher, lines: int) -> tuple[list[str], str]:
    """Return the call of a batch that renames packages."""
    text = [f"rename {wisher.ref(WorkPackage)} {wisher.mark}-{n}" for n in range(lines)]
    return ["batch", "-"], "\n".join(text)


def _switched(wisher: Wisher) -> tuple[list[str], str]:
    option = wisher.chance.choice(wisher.chance.choice(wisher.plan.switches).options)
    return ["choose", wisher.plan.ref(option.uid)], ""


COMMANDS: tuple[Callable[[Wisher], tuple[list[str], str]], ...] = (
    lambda w: ([w.chance.choice(STATUSES), w.ref(WorkPackage)], ""),
    lambda w: ([w.chance.choice(STATUSES), w.ref(WorkPackage)], ""),
    lambda w: (["rename", w.ref(WorkPackage), w.mark], ""),
    lambda w: (["edit", w.ref(WorkPackage), "--notes", "-"], f"{w.mark}\n"),
    lambda w: (["add", "package", w.ref(Task), w.mark, "--notes", "-"], f"{w.mark}\n"),
    lambda w: (["remove", w.ref(WorkPackage)], ""),
    lambda w: (["link", w.ref(WorkPackage), "--needs", w.ref(WorkPackage)], ""),
    _switched,
    lambda _: (["undo"], ""),
    lambda _: (["redo"], ""),
    lambda w: batch(w, 3),
)
