"""`stellwerk schema`: the JSON Schema of exported plans."""

from __future__ import annotations

import json

import typer

from stellwerk.exchange.plan_json import json_schema


def command(context: typer.Context) -> None:
    """Print the JSON Schema of exported plans."""
    del context
    print(json.dumps(json_schema(), indent=2))
