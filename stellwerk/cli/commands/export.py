"""`stellwerk export`: a plan as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.errors import UsageError
from stellwerk.exchange.document import Document
from stellwerk.exchange.files import write_file, write_folder


def command(
    context: typer.Context,
    form: Annotated[
        str | None, typer.Option("--format", "-f", help="markdown or json; see `plugins`.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write one file.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write a folder for a repository.")
    ] = None,
) -> None:
    """Write a plan as Markdown or JSON: to stdout, to a file, or into a folder.

    Exporting an unchanged plan again changes no byte.
    """
    desk = desk_of(context)
    if output and into:
        raise UsageError("--output and --into contradict each other.", "Say one.")
    if output and output.is_dir():
        raise UsageError(f"{output} is a folder.", f"Say --into {output} to write into it.")
    plugins = desk.stellwerk.plugins
    exporter = plugins.load("exporters", form or _by_suffix(output))
    base = desk.open()
    notes = desk.stellwerk.store.notes(base.plan.goal.uid)
    document = Document(base.plan, notes, base.book)
    if into is not None:
        changed = write_folder(into, exporter.files(document, folder=True))
        data = {"changed": [str(path) for path in changed], "text": None}
        told = (
            f"{len(changed)} files changed in {into}" if changed else f"{into} is up to date"
        )
        desk.answer("export", {"goal": base.plan.goal.slug, **data}, f"{told}.")
        return
    text = next(iter(exporter.files(document, folder=False).values()))
    if output is None:
        if desk.json:
            slug = base.plan.goal.slug
            desk.envelope("export", {"goal": slug, "changed": [], "text": text})
        else:
            desk.write(text)
        return
    changed_ = write_file(output, text)
    data = {"changed": [str(output)] if changed_ else [], "text": None}
    told = f"Wrote {output}." if changed_ else f"{output} is up to date."
    desk.answer("export", {"goal": base.plan.goal.slug, **data}, told)


def _by_suffix(output: Path | None) -> str:
    return "json" if output and output.suffix == ".json" else "markdown"
