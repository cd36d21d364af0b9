"""`stellwerk choose`: set a switch, or open it again."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.domain.edits.lines import Choose, Reopen
from stellwerk.domain.plan import Option, Switch
from stellwerk.domain.refs import letters
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import NotFoundError, UsageError


def command(
    context: typer.Context,
    ref: Ref,
    option: Annotated[
        str | None, typer.Argument(metavar="[OPTION]", help="Letter or label of the option.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Open the switch again.")] = False,
) -> None:
    """Set a switch: `choose d1 b` or `choose d1.b`; `choose d1 --none` opens it again."""
    desk = desk_of(context)
    base, (item,) = desk.around([ref])
    plan = base.plan
    if isinstance(item, Option) and option is None and not none:
        _set(desk, base, Choose(plan.index.parents[item.uid], item.uid))
        return
    if not isinstance(item, Switch):
        msg = f"{plan.name(item.uid)} is not a switch."
        raise UsageError(msg, "Switches have refs like d1; `stellwerk map` shows them.")
    if none:
        _set(desk, base, Reopen(item.uid))
        return
    _set(desk, base, Choose(item.uid, _option(desk, item, option).uid))


def _set(desk: Desk, base: Snapshot, edit: Choose | Reopen) -> None:
    """Set or open the switch, unless it stands so already."""
    wanted = edit.option if isinstance(edit, Choose) else None
    if base.plan.switch(edit.switch).chosen == wanted:
        told = f"is set to {base.plan.name(wanted)}" if wanted else "is open"
        raise UsageError(
            f"{base.plan.name(edit.switch)} {told} already.", "Nothing was changed."
        )
    desk.make(base, edit)


def _option(desk: Desk, switch: Switch, told: str | None) -> Option:
    """Return the option a letter or label means; ask where somebody can answer."""
    shown = [f"{letters(o.number)} {o.label}" for o in switch.options]
    if told is None and desk.interactive:
        desk.say(switch.title)
        for line in shown:
            desk.say(f"  {line}")
        told = typer.prompt("Option", err=True)
    if told is None:
        hint = f"Say which: {', '.join(shown)}."
        raise UsageError(f"d{switch.number} needs an option.", hint)
    wanted = told.strip().lower().removeprefix(f"d{switch.number}.")
    for option in switch.options:
        if wanted in (letters(option.number), option.label.lower()):
            return option
    raise NotFoundError(
        f"d{switch.number} has no option {told!r}.", f"It has {', '.join(shown)}."
    )
