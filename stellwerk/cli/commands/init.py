"""`stellwerk init`: a settings file for this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.config.sample import sample_toml
from stellwerk.errors import ConflictError
from stellwerk.exchange.files import write_file

_LOCAL: Final = 'url = "sqlite:///.stellwerk/stellwerk.db"'


def command(
    context: typer.Context,
    database: Annotated[
        bool, typer.Option("--local", help="Keep this project's plans in .stellwerk/ here.")
    ] = False,
) -> None:
    """Write a fully commented stellwerk2.toml into this folder; it sets nothing."""
    desk = desk_of(context)
    path = Path("stellwerk2.toml")
    if path.exists():
        msg = f"{path} is here already; it was left alone."
        raise ConflictError(msg, "Change it by hand or with `stellwerk config set`.")
    text = sample_toml()
    if database:
        text = text.replace("\n#url = ", f"\n{_LOCAL}\n#url = ", 1)
    write_file(path, text)
    told = (
        f"Wrote {path}." if not database else f"Wrote {path}; plans are kept in .stellwerk/."
    )
    desk.answer("init", {"file": str(path.absolute())}, told)
