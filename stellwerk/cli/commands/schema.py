"""`stellwerk schema`: the JSON Schema of exported plans."""

from __future__ import annotations

import json

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.exchange.plan_json import json_schema


def command(context: typer.Context) -> None:
    """Print the JSON Schema of exported plans."""
    schema = json_schema()
    desk_of(context).answer("schema", {"schema": schema}, json.dumps(schema, indent=2))
