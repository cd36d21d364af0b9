"""`stellwerk edit`: fields by flags; notes and descriptions in an editor."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.reading import edited, read_text
from stellwerk.domain.edits.fields import description_of
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Direction, GoalStatus, Role
from stellwerk.domain.plan import Item, RouteKind
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import WorkPackage
from stellwerk.errors import UsageError
from stellwerk.planning.fields import Wanted, fields_of, goal_fields, item_edits

Title = Annotated[str | None, typer.Option(help="Title, label or name.")]
Description = Annotated[
    str | None, typer.Option(metavar="TEXT|-", help="Description, prompt or trade-off.")
]
Notes = Annotated[str | None, typer.Option(metavar="FILE|-", help="Notes of a work package.")]
Length = Annotated[int | None, typer.Option(min=1, max=8, help="Effort in units.")]
Grade = Annotated[int | None, typer.Option(min=0, max=10, help="Difficulty.")]
Estimate = Annotated[str | None, typer.Option(metavar="P10,P50,P90", help="Hours, or none.")]
ElapsedDays = Annotated[
    int | None, typer.Option(min=0, help="Calendar days it takes at least; 0 is none.")
]
Kind = Annotated[RouteKind | None, typer.Option(help="Of a route.")]
Probability = Annotated[
    float | None, typer.Option(min=0, max=1, help="Of an option to be chosen.")
]
Recommend = Annotated[
    bool | None, typer.Option("--recommend/--no-recommend", help="An option.")
]
PersonRole = Annotated[Role | None, typer.Option(help="Of a person.")]
PersonDirection = Annotated[Direction | None, typer.Option(help="Of a person.")]
Email = Annotated[str | None, typer.Option(help="Of a person.")]
Capacity = Annotated[
    float | None, typer.Option(min=0, max=168, help="Hours a week of a person.")
]
Status = Annotated[GoalStatus | None, typer.Option(help="Of the goal.")]
TargetDate = Annotated[str | None, typer.Option(metavar="DATE", help="Of the goal, or none.")]
UnitHours = Annotated[
    float | None, typer.Option(min=0.01, help="Hours in a unit of length, of the goal.")
]


def command(
    context: typer.Context,
    ref: Ref,
    title: Title = None,
    description: Description = None,
    notes: Notes = None,
    length: Length = None,
    grade: Grade = None,
    estimate: Estimate = None,
    elapsed_days: ElapsedDays = None,
    kind: Kind = None,
    probability: Probability = None,
    recommend: Recommend = None,
    role: PersonRole = None,
    direction: PersonDirection = None,
    email: Email = None,
    capacity: Capacity = None,
    status: Status = None,
    target_date: TargetDate = None,
    unit_hours: UnitHours = None,
) -> None:
    """Change an item's fields by flags, or without any its text in $EDITOR.

    The ref `goal` means the goal itself.
    """
    desk = desk_of(context)
    wanted = Wanted(
        title=title,
        description=read_text("-").strip() if description == "-" else description,
        notes=read_text(notes) if notes is not None else None,
        length=length,
        grade=grade,
        estimate=estimate,
        elapsed_days=elapsed_days,
        kind=kind,
        probability=probability,
        recommend=recommend,
        role=role,
        direction=direction,
        email=email,
        capacity_hours=capacity,
        status=status,
        target_date=target_date,
        unit_hours=unit_hours,
    )
    base, item = (desk.open(), None) if ref.lower() == "goal" else desk.at(ref)
    notes_now = desk.notes(base, [item.uid]).get(item.uid, "") if item else ""
    if wanted.given:
        _change(desk, base, item, notes_now, wanted)
        return
    if not desk.interactive:
        msg = "Nothing says what to change."
        raise UsageError(msg, "Give flags such as --length 3, or --notes FILE; see --help.")
    if isinstance(item, WorkPackage):
        with edited(notes_now, ref) as new:
            _change(desk, base, item, notes_now, Wanted(notes=new))
        return
    text = description_of(item) if item else base.plan.goal.description
    with edited(text, ref) as new:
        _change(desk, base, item, "", Wanted(description=new))


def _change(desk: Desk, base: Snapshot, item: Item | None, notes: str, wanted: Wanted) -> None:
    """Make the edits that are wanted (UsageError if they change nothing, or do not fit)."""
    known = fields_of(item)
    for field in wanted.given.keys() - known:
        name = base.plan.name(item.uid) if item else "the goal"
        told = ", ".join(sorted(map(_flag, known)))
        raise UsageError(f"{_flag(field)} does not fit {name}.", f"It takes {told}.")
    if item is None:
        desk.set_goal(base, **goal_fields(wanted))
        return
    edits = item_edits(base.plan, item, wanted, notes)
    if not edits:
        msg = f"{base.plan.name(item.uid)} has these values already."
        raise UsageError(msg, "Nothing was changed.")
    desk.make(base, edits[0] if len(edits) == 1 else Batch(tuple(edits)))


def _flag(field: str) -> str:
    """Return the flag for a field."""
    return f"--{'capacity' if field == 'capacity_hours' else field.replace('_', '-')}"
