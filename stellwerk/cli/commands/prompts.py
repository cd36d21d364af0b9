"""`stellwerk prompts`: what models are told, ours or the user's own."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.exit_codes import FINDINGS
from stellwerk.cli.present.prompts import (
    messages_data,
    messages_text,
    prompt_data,
    prompt_line,
)
from stellwerk.errors import NotFoundError
from stellwerk.planning.previewing import ORDER, SAMPLE, shown_prompt
from stellwerk.planning.prompts import PromptShelf
from stellwerk.planning.wish import Caps, wish_of

command = typer.Typer(rich_markup_mode=None, add_completion=False)
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The prompt: decompose, tasks, packages, ...")
]


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """List the prompts unless a verb is given."""
    if context.invoked_subcommand is None:
        list_(context)


@command.command("list")
def list_(context: typer.Context) -> None:
    """List the prompts: version, digest, and whether they are your own."""
    desk = desk_of(context)
    shelf = _shelf(desk)
    prompts = [shelf.prompt(name) for name in ORDER]
    text = "\n".join(prompt_line(prompt, desk.ink) for prompt in prompts)
    data = {"prompts": [prompt_data(prompt) for prompt in prompts]}
    desk.answer("prompt-list", data, text)


@command.command("show")
def show(
    context: typer.Context,
    name: Name,
    example: Annotated[
        str | None,
        typer.Option(metavar="LANGUAGE", help="Show its example in a language: en or de."),
    ] = None,
) -> None:
    """Show a prompt as it is written, or one of its examples."""
    desk = desk_of(context)
    prompt = _shelf(desk).prompt(name)
    text = prompt.text
    if example is not None:
        if example not in prompt.examples:
            known = ", ".join(prompt.examples) or "It has none at all."
            raise NotFoundError(
                f"{name} has no example in {example!r}.", f"There are: {known}"
            )
        text = prompt.examples[example]
    data = {**prompt_data(prompt), "text": prompt.text, "examples": dict(prompt.examples)}
    desk.answer("prompt", data, text.rstrip(), paging=True)


@command.command("render")
def render(
    context: typer.Context,
    name: Name,
    goal: Annotated[
        list[str] | None,
        typer.Argument(metavar="GOAL", help="A goal in your words; a sample without."),
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="auto, small, standard or detailed.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="auto, en or de.")] = None,
) -> None:
    """Show the messages a model would get for a goal; nothing is sent.

    Those of decompose are exact. In the others, placeholders in brackets stand for what the
    model answers before.
    """
    desk = desk_of(context)
    settings = desk.settings.planning
    wish = wish_of(
        " ".join(goal) if goal else f"{SAMPLE.title}\n{SAMPLE.description}",
        context="" if goal else SAMPLE.context,
        people=() if goal else SAMPLE.people,
        size=size or settings.size,
        language=language or settings.language,
    )
    caps = Caps(
        settings.max_routes,
        settings.max_tasks_per_route,
        settings.max_work_packages_per_task,
    )
    shown = shown_prompt(_shelf(desk).prompt(name), wish, caps)
    data = messages_data([shown])
    desk.answer("prompt-messages", data, messages_text([shown], desk.ink), paging=True)


@command.command("check")
def check(context: typer.Context) -> None:
    """Check all prompts: that they render, fence in data, tell the limits, and are short.

    Exit code 3 if anything is wrong.
    """
    from stellwerk.planning.prompt_checks import check_prompts

    desk = desk_of(context)
    flaws = check_prompts(_shelf(desk))
    lines = []
    for flaw in flaws:
        lines.append(f"{desk.ink('red', flaw.prompt)}: {flaw.message}")
        lines.append(f"  {desk.ink('dim', f'→ {flaw.hint}')}")
    text = "\n".join(lines) or f"{len(ORDER)} prompts are fit to be sent."
    data = {"prompts": list(ORDER), "findings": [flaw._asdict() for flaw in flaws]}
    desk.answer("prompt-check", data, text)
    if flaws:
        raise typer.Exit(FINDINGS)


def _shelf(desk: Desk) -> PromptShelf:
    return PromptShelf(desk.settings.planning.prompts)
