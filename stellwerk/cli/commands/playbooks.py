"""`stellwerk playbooks`: the shelf of offline planning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from stellwerk.cli.desk import Desk, desk_of

command = typer.Typer(rich_markup_mode=None, add_completion=False)


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """List the playbooks unless a verb is given."""
    if context.invoked_subcommand is None:
        list_(context)


@command.command("list")
def list_(context: typer.Context) -> None:
    """List the playbooks: id, languages and the goals they are for."""
    desk = desk_of(context)
    found = _shelf(desk).playbooks()
    rows = [
        {
            "id": p.id,
            "language": p.language,
            "version": p.version,
            "examples": list(p.examples),
        }
        for p in found
    ]
    lines = []
    for row in rows:
        told = "; ".join(row["examples"][:2]) or "any goal"
        name = desk.ink("cyan", f"{row['id']:<28}")
        lines.append(f"{name} {row['language']}  {desk.ink('dim', told)}")
    desk.answer("playbook-list", {"playbooks": rows}, "\n".join(lines))


@command.command("show")
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The playbook.")],
    language: Annotated[str, typer.Option(help="en or de.")] = "en",
) -> None:
    """Show a playbook as it is written."""
    desk = desk_of(context)
    playbook = _shelf(desk).playbook(name, language)
    data = {"id": playbook.id, "language": playbook.language, "text": playbook.text()}
    desk.answer("playbook", data, playbook.text().rstrip(), paging=True)


def _shelf(desk: Desk) -> Any:
    """Return the provider that keeps the shelf."""
    from stellwerk.plugins.api import ProviderOptions

    factory = desk.stellwerk.plugins.load("providers", "playbooks")
    folders = tuple(Path(folder) for folder in desk.settings.planning.playbooks)
    return factory(ProviderOptions(folders=folders))
