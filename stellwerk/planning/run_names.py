"""Runs as people name them: by the beginning of their uid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stellwerk.errors import NotFoundError, UsageError
from stellwerk.planning.runs import SHOWN, Run

_FEWEST: Final = 4
"""So many have to be typed."""
_NAMED: Final = 5
"""So many runs are named in an error."""


def named(prefix: str, runs: Sequence[Run]) -> Run:
    """Return the run with a uid, or the only one whose uid begins like that.

    Raises:
        UsageError: It is too short, or fits several.
        NotFoundError: It fits none.
    """
    prefix = prefix.strip().lower()
    found = [run for run in runs if run.uid.startswith(prefix)]
    if exact := [run for run in found if run.uid == prefix]:
        return exact[0]
    if not found:
        msg = f"There is no planning run {prefix or '“”'}."
        known = f"There is {_told(runs, SHOWN)}." if runs else "There are none yet."
        raise NotFoundError(msg, known)
    told = _told(found, max(SHOWN, len(prefix) + _FEWEST))
    if len(prefix) < _FEWEST:
        msg = f"“{prefix}” is too short for a run: at least {_FEWEST} characters are taken."
        raise UsageError(msg, f"It could be {told}.")
    if len(found) > 1:
        raise UsageError(f"The run {prefix} could be {told}.", "Type more of it.")
    return found[0]


def no_run(uid: str) -> NotFoundError:
    """Return the error for a run that is not there."""
    return NotFoundError(f"There is no planning run {uid[:SHOWN]}.", "See `stellwerk runs`.")


def no_call(uid: str) -> NotFoundError:
    """Return the error for a call that is not there any more."""
    msg = f"There is no call {uid[:SHOWN]} in the call log any more."
    return NotFoundError(msg, "Its run was dropped. Plan the goal again.")


def _told(runs: Sequence[Run], length: int) -> str:
    """Return some runs in words, the newest first."""
    names = [f"{run.uid[:length]} ({run.wish.title})" for run in runs[:_NAMED]]
    more = f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else ""
    return f"{', '.join(names)}{more}"
