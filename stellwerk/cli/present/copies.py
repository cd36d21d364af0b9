"""Backups, restores and repairs: text and data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Any, Final

from stellwerk.cli.ink import Ink
from stellwerk.domain.text import shortened
from stellwerk.storage.copies.backup import Backup
from stellwerk.storage.copies.comparing import Relation
from stellwerk.storage.copies.restore import Deed, Restoration, Restored
from stellwerk.storage.repair.evidence import Loss
from stellwerk.storage.repair.judging import State
from stellwerk.storage.repair.salvage import Repair, Salvaged

_STYLES = {
    Deed.ADDED: "green",
    Deed.SAME: "dim",
    Deed.REPLACED: "yellow",
    Deed.SKIPPED: "dim",
    Deed.REFUSED: "red",
}
_STATES = {
    State.WHOLE: "green",
    State.REBUILT: "green",
    State.KEPT: "yellow",
    State.PARTIAL: "yellow",
    State.LOST: "red",
}
_SHOWN: Final = 5
"""Names of lost rows that are told; the JSON answer has all of them."""


def backup_data(made: Backup) -> dict[str, Any]:
    """Return a backup as JSON data."""
    return {
        "file": str(made.file.absolute()),
        "bytes": made.size,
        "goals": made.goals,
        "deleted": made.deleted,
        "revisions": made.revisions,
    }


def backup_text(made: Backup) -> str:
    """Return what was backed up, on a line."""
    deleted = f", {made.deleted} of them deleted" if made.deleted else ""
    what = f"{counted(made.goals, 'goal')}{deleted}, {counted(made.revisions, 'revision')}"
    return f"Backed up {what} to {made.file} ({sized(made.size)}), compared row by row."


def restoration_data(done: Restoration, file: str, *, dry_run: bool) -> dict[str, Any]:
    """Return a restore as JSON data."""
    return {
        "file": str(Path(file).absolute()),
        "dry_run": dry_run,
        "goals": [_restored_data(each) for each in done.goals],
        "saved": str(done.saved.file.absolute()) if done.saved else None,
        "rows": done.rows,
    }


def restoration_text(done: Restoration, file: str, *, dry_run: bool, ink: Ink) -> str:
    """Return what was restored, a line for each goal of the backup."""
    if not done.goals:
        return f"There is no goal in {file}."
    deeds = [each.deed for each in done.goals]
    slugs = max(len(each.slug) for each in done.goals)
    lines = [
        f"{ink(_STYLES[each.deed], f'{each.deed.value:<8}')}  {each.slug:<{slugs}}  {_how(each)}"
        for each in done.goals
    ]
    if dry_run:
        refused = Deed.REFUSED in deeds
        lines.append(
            "Nothing would be changed: say --replace or --skip."
            if refused
            else "Nothing was done."
        )
    elif done.rows:
        lines.append(f"{counted(done.rows, 'row')} restored, each compared with {file}.")
    else:
        lines.append("Nothing had to be changed.")
    if done.saved:
        lines.append(f"What was here before is in {done.saved.file}.")
    return "\n".join(lines)


def repair_data(done: Repair, database: Path) -> dict[str, Any]:
    """Return a repair as JSON data."""
    return {
        "database": str(database.absolute()),
        "file": str(done.file.absolute()) if done.file else None,
        "damage": done.damage or None,
        "complete": done.complete,
        "goals": [
            {
                "uid": goal.uid,
                "slug": goal.slug or None,
                "title": goal.title or None,
                "state": goal.state.value,
                "checked": goal.checked,
                "revision": goal.revision,
                "missing": list(goal.missing),
                "losses": [_loss_data(loss) for loss in goal.losses],
                "remarks": list(goal.remarks),
            }
            for goal in done.goals
        ],
        "losses": [_loss_data(loss) for loss in done.losses],
        "remarks": list(done.remarks),
    }


def repair_text(done: Repair, database: Path, ink: Ink) -> str:
    """Return what was saved, with what is lost of each goal below it."""
    whole = sum(goal.complete for goal in done.goals)
    if done.file is None:
        lines = [f"There is nothing to repair in {database}."]
        goals = [goal for goal in done.goals if not goal.complete]
    else:
        lines = [f"Damaged: {done.damage}"] if done.damage else []
        of = counted(len(done.goals), "goal")
        lines.append(f"Saved {whole} of {of} whole into {done.file}; {database} is as it was.")
        goals = [*done.goals]
    slugs = max((len(goal.slug or goal.uid) for goal in goals), default=0)
    for goal in goals:
        state = ink(_STATES[goal.state], f"{goal.state.value:<7}")
        lines.append(f"{state}  {goal.slug or goal.uid:<{slugs}}  {_state_told(goal)}")
        if goal.missing:
            word = "revision" if len(goal.missing) == 1 else "revisions"
            lines.append(f"  - its journal lacks {word} {ranges(goal.missing)}")
        lines += [f"  - {_loss_told(loss)}" for loss in goal.losses if loss.table != "journal"]
        lines += [f"  - {remark}" for remark in goal.remarks]
    lines += [f"Lost: {_loss_told(loss)}" for loss in done.losses]
    lines += done.remarks
    if done.file is not None:
        lines.append("The new file is sound, and every goal in it can be read.")
    return "\n".join(lines)


def steps_after(file: Path, database: Path) -> str:
    """Return what to type to look at a repaired database, and to put it in place."""
    new, old = quote(str(file)), quote(str(database))
    moves = [
        f"mv {quote(f'{database}{end}')} {quote(f'{database}.damaged{end}')}"
        for end in ("", "-wal", "-shm")
        if not end or Path(f"{database}{end}").exists()
    ]
    return "\n".join(
        [
            f"Look at it:   stellwerk --db {new} list --all",
            "Put it in place, while no Stellwerk runs:",
            *(f"  {move}" for move in (*moves, f"mv {new} {old}")),
        ]
    )


def ranges(numbers: Sequence[int]) -> str:
    """Return sorted numbers, neighbours as ranges: `1, 3-5`."""
    told: list[tuple[int, int]] = []
    for number in numbers:
        if told and told[-1][1] == number - 1:
            told[-1] = (told[-1][0], number)
        else:
            told.append((number, number))
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in told)


def counted(number: int, word: str) -> str:
    """Return a number with its word."""
    return f"1 {word}" if number == 1 else f"{number:,} {word}s"


def sized(size: int) -> str:
    """Return a number of bytes as people say it."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(size // 1024, 1)} KB"


def _restored_data(each: Restored) -> dict[str, Any]:
    seen = each.seen
    return {
        "uid": seen.uid,
        "slug": each.slug,
        "slug_in_backup": seen.slug,
        "title": seen.title,
        "deed": each.deed.value,
        "relation": seen.relation.value,
        "revision": seen.revision,
        "revision_here": seen.revision_here,
    }


def _how(each: Restored) -> str:
    """Return why something was done, and under what name."""
    seen = each.seen
    renamed = f"; {seen.slug} is another goal here" if _renamed(each) else ""
    if each.deed is Deed.ADDED:
        return f"revision {seen.revision}{renamed}"
    if each.deed is Deed.SAME:
        return f"revision {seen.revision}, as it is here"
    return f"{seen.told}{renamed}"


def _state_told(goal: Salvaged) -> str:
    """Return what a state says of a plan."""
    checked = "as its journal has it" if goal.checked else "no journal can vouch for them"
    told = {
        State.WHOLE: "nothing is lost",
        State.REBUILT: "nothing is lost; made again from its journal",
        State.KEPT: f"every item of its plan is there, {checked}",
        State.PARTIAL: "parts of its plan are lost",
        State.LOST: "nothing of it could be kept",
    }[goal.state]
    return f"revision {goal.revision}: {told}"


def _loss_data(loss: Loss) -> dict[str, Any]:
    return {"table": loss.table, "rows": loss.rows, "names": list(loss.names)}


def _loss_told(loss: Loss) -> str:
    """Return lost rows with the first few of their names."""
    table, _, column = loss.table.partition(".")
    what = f"{column} of {counted(loss.rows, 'row')}" if column else counted(loss.rows, "row")
    names = "; ".join(shortened(name, 60) for name in loss.names[:_SHOWN])
    more = "; ..." if len(loss.names) > _SHOWN else ""
    return f"{what} of {table}{f': {names}{more}' if names else ''}"


def _renamed(each: Restored) -> bool:
    moved = each.deed in (Deed.ADDED, Deed.REPLACED)
    return moved and each.slug != each.seen.slug and each.seen.relation is not Relation.SAME
