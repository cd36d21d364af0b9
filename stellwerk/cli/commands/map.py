"""`stellwerk map`: the railway of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from stellwerk.cli.charset import charset
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.present.plans import BAR, plan_data
from stellwerk.domain.critical_path import critical_routes
from stellwerk.domain.goal import Goal
from stellwerk.domain.railway import Progress, progress_of, railway_of
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import UsageError
from stellwerk.railway.fitting import cells_of, fitted
from stellwerk.railway.overview import sign_of
from stellwerk.railway.renderer import Drawing, Paint, View
from stellwerk.railway.renderer import bare as plain
from stellwerk.railway.scene import Scene, scene_of
from stellwerk.railway.text import drawn

_TEXT: Final = "text"
_LEAST_TITLE: Final = 20
"""Cells of a title below which the slug beside it goes."""


def command(
    context: typer.Context,
    form: Annotated[
        str,
        typer.Option("--format", "-f", help="text, svg, html, mermaid, dot, or a plugin's."),
    ] = _TEXT,
    zoom: Annotated[
        int | None, typer.Option(min=0, max=2, help="0 dots, 1 one row a line, 2 cards.")
    ] = None,
    width: Annotated[
        int | None, typer.Option(help="Columns to draw in.", min=20, max=1000)
    ] = None,
    vertical: Annotated[
        bool | None,
        typer.Option(
            "--vertical/--horizontal", help="From top to bottom, or from left to right."
        ),
    ] = None,
    critical: Annotated[
        bool, typer.Option("--critical", help="Draw the critical path as the main line.")
    ] = False,
    ascii_only: Annotated[bool, typer.Option("--ascii", help="Plain characters.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the file in a browser.")] = False,
) -> None:
    """Draw the railway of a plan, from its first route to its end.

    Without options it fits the terminal; in a pipe it is plain text, 80 columns wide. What is
    too wide turns upright.
    """
    desk = desk_of(context)
    if desk.json:
        _as_data(desk, drawing=form != _TEXT or output is not None)
        return
    if show and output is None:
        raise UsageError("--open opens a file, and none is written.", "Add -o FILE.")
    chosen = charset(desk, ascii_only=ascii_only)
    view = View(zoom, width or desk.width, vertical, chosen)
    if form == _TEXT:
        base = desk.excerpt()
        text = _text(desk, base, view, critical=critical, bare=output is not None)
        text = f"{text}\n" if output else text
    else:
        text = _rendered(desk, form, view, critical=critical)
    if output is None:
        if form == _TEXT:
            desk.out(text)
        else:
            desk.write(text)
        return
    from stellwerk.exchange.files import write_file

    told = "Wrote" if write_file(output, text) else "Up to date:"
    desk.say(f"{told} {output}.")
    if show:
        import webbrowser

        webbrowser.open(output.resolve().as_uri())


def _as_data(desk: Desk, *, drawing: bool) -> None:
    """Print the plan as data (UsageError if a drawing was asked for too)."""
    if drawing:
        msg = "--json prints the plan as data, and a drawing is none."
        raise UsageError(msg, "Leave out --json, or --format and --output.")
    whole = desk.open()
    goal = whole.plan.goal.uid
    desk.envelope(
        "map", plan_data(whole, desk.stellwerk.store.quality.latest([goal]).get(goal))
    )


def _text(desk: Desk, base: Snapshot, view: View, *, critical: bool, bare: bool) -> str:
    """Return title, railway and legend; without colour if it goes to a file."""
    paint = plain if bare else desk.ink
    railway = railway_of(base.plan)
    scene = scene_of(
        base.plan, railway, main=critical_routes(base.plan, railway) if critical else ()
    )
    head = _head(base.plan.goal, progress_of(base.plan, railway), scene, view, paint)
    lines = drawn(scene, view._replace(paint=paint))
    parts = [*head, "", *lines]
    if signs := _signs(scene, view):
        parts += ["", *(paint("dim", line) for line in _folded(signs, view.width))]
    return "\n".join(parts)


def _signs(scene: Scene, view: View) -> list[str]:
    """Return the signs in a drawing with what they mean."""
    charset, shown = view.charset, {sign_of(each, view.charset) for each in scene.stations}
    options = [
        sign for each in scene.stations if each.junction for sign in each.junction.signs
    ]
    found = [f"{sign} {state}" for state, sign in charset.stations.items() if sign in shown]
    if options:
        found.append(f"{charset.switch} decision")
    if charset.merge in shown:
        found.append(f"{charset.merge} merge")
    if any(sign.chosen for sign in options):
        found.append(f"{charset.chosen} chosen")
    if any(sign.recommended and not sign.chosen for sign in options):
        found.append(f"{charset.recommended} recommended")
    return found


def _head(
    goal: Goal, progress: Progress, scene: Scene, view: View, paint: Paint
) -> Iterator[str]:
    """Yield the goal, and how far it is."""
    slug = f"  {goal.slug}"
    room = view.width - len(slug)
    shown = slug if room >= min(cells_of(goal.title), _LEAST_TITLE) else ""
    title = fitted(goal.title, view.width - len(shown), view.charset)
    yield paint("bold", title) + (paint("dim", shown) if shown else "")
    length = min(BAR, view.width // 4)
    done = round(progress.share * length)
    full, left = (
        mark * count
        for mark, count in zip(view.charset.bar, (done, length - done), strict=True)
    )
    told = f" {progress.share:.0%} done"
    waiting = sum(bool(s.junction and not s.junction.decided) for s in scene.stations)
    if waiting:
        told += f", {waiting} {'decision' if waiting == 1 else 'decisions'} open"
    told = fitted(told, view.width - length, view.charset)
    yield paint("green", full) + paint("dim", left) + told


def _folded(parts: Sequence[str], width: int) -> Iterator[str]:
    """Yield lines of parts with commas between, none wider than a width."""
    line = ""
    for part in parts:
        if line and len(line) + len(part) + 2 > width:
            yield f"{line},"
            line = part
        else:
            line = f"{line}, {part}" if line else part
    yield line


def _rendered(desk: Desk, form: str, view: View, *, critical: bool) -> str:
    """Return the text of a plan in the form of a renderer (NotFoundError, PluginError)."""
    from stellwerk.plugins.rendering import rendered, renderer_of

    renderer = renderer_of(desk.stellwerk.plugins, form)
    plan = desk.open().plan
    notes = desk.stellwerk.store.notes(plan.goal.uid) if renderer.detailed else {}
    scene = scene_of(plan, main=critical_routes(plan) if critical else ())
    return rendered(form, renderer, Drawing(scene, plan, notes), view)
