"""`stellwerk completion`: the script that completes verbs, refs and slugs."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.errors import UsageError

SHELLS = ("bash", "zsh", "fish")


def command(
    context: typer.Context,
    shell: Annotated[
        str | None, typer.Argument(metavar="[SHELL]", help="bash, zsh or fish.")
    ] = None,
) -> None:
    """Print the completion script for your shell: `eval "$(stellwerk completion)"`."""
    chosen = shell or Path(os.environ.get("SHELL", "bash")).name
    if chosen not in SHELLS:
        raise UsageError(
            f"There is no completion for {chosen!r}.", f"Use {', '.join(SHELLS)}."
        )
    variable = "_STELLWERK_COMPLETE"
    script = import_module("typer.completion").get_completion_script
    text = script(prog_name="stellwerk", complete_var=variable, shell=chosen)
    desk_of(context).answer("completion", {"shell": chosen, "script": text}, text)
