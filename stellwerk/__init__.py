"""Stellwerk turns a goal into a plan with real decisions and helps to carry it out.

    import stellwerk

    work = stellwerk.open("plans.db")
    plan = work.plan("Learn to juggle")
    plan = work.edit(plan, stellwerk.Rename(plan.routes[0].uid, "Find out what it takes"))
    print(work.export(plan, "json"))

Names are loaded when they are first used, so importing Stellwerk costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from stellwerk.bootstrap import Stellwerk as Stellwerk
    from stellwerk.bootstrap import open_stellwerk as open  # noqa: A004
    from stellwerk.domain.edits.edit import Edit as Edit
    from stellwerk.domain.edits.fields import Rename as Rename
    from stellwerk.domain.edits.fields import Resize as Resize
    from stellwerk.domain.edits.lines import Choose as Choose
    from stellwerk.domain.edits.status import SetStatus as SetStatus
    from stellwerk.domain.edits.whole import Batch as Batch
    from stellwerk.domain.goal import Goal as Goal
    from stellwerk.domain.plan import Plan as Plan
    from stellwerk.domain.work import Standing as Standing
    from stellwerk.domain.work import Status as Status
    from stellwerk.errors import StellwerkError as StellwerkError

__version__ = "2.0.0.dev0"

_NAMES: Final = {
    "Batch": "stellwerk.domain.edits.whole",
    "Choose": "stellwerk.domain.edits.lines",
    "Edit": "stellwerk.domain.edits.edit",
    "Goal": "stellwerk.domain.goal",
    "Plan": "stellwerk.domain.plan",
    "Rename": "stellwerk.domain.edits.fields",
    "Resize": "stellwerk.domain.edits.fields",
    "SetStatus": "stellwerk.domain.edits.status",
    "Standing": "stellwerk.domain.work",
    "Status": "stellwerk.domain.work",
    "Stellwerk": "stellwerk.bootstrap",
    "StellwerkError": "stellwerk.errors",
    "open": "stellwerk.bootstrap:open_stellwerk",
}
__all__ = [*_NAMES, "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        msg = f"module 'stellwerk' has no attribute {name!r}"
        raise AttributeError(msg)
    module, _, other = _NAMES[name].partition(":")
    return getattr(import_module(module), other or name)


def __dir__() -> list[str]:
    return sorted(__all__)
