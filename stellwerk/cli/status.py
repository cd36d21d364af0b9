"""Setting the status of work packages: what the verbs start, done, wait ... share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stellwerk.cli.desk import Desk
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.text import one_line
from stellwerk.domain.work import Status, WorkPackage
from stellwerk.errors import UsageError


def set_status(
    desk: Desk,
    refs: Sequence[str],
    status: Status,
    *,
    hours: float | None = None,
    waiting_for: str = "",
    reason: str = "",
) -> None:
    """Set the status of work packages as one edit.

    Raises:
        UsageError: A ref is not a work package, or all of them stand there already.
    """
    edits = []
    base, items = desk.around(dict.fromkeys(refs))
    for item in items:
        if not isinstance(item, WorkPackage):
            msg = f"{base.plan.name(item.uid)} is not a work package."
            raise UsageError(
                msg, f"Its work packages: `stellwerk show {base.plan.ref(item.uid)}`."
            )
        old = item.standing
        new = replace(
            old.become(status, desk.dispatcher.clock()),
            waiting_for=one_line(waiting_for),
            reason=one_line(reason),
        )
        if hours is not None:
            new = replace(new, spent_hours=hours)
        if new != old:
            edits.append(SetStatus(item.uid, new))
    if not edits:
        msg = f"{', '.join(refs)}: already {status.value}."
        raise UsageError(msg, "Nothing was changed.")
    if len(edits) == 1:
        desk.make(base, edits[0])
        return
    from stellwerk.domain.edits.whole import Batch

    desk.make(base, Batch(tuple(edits)))
