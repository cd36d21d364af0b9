"""A plan that nobody wrote by hand, with flaws that rules can mend."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.cli.terminal import GOAL, Terminal

FLAWED: Final = "flawed"


FLAWS: Final = 3
"""Needs of it that say nothing new."""


def flawed(terminal: Terminal, source: str = "playbook") -> None:
    """Store a playbook's plan with needs that say nothing new, as the goal that is meant.

    Args:
        terminal: Whose it is.
        source: Who made the plan, as it says itself.
    """
    document = json.loads(terminal("export", "-g", GOAL, "--format", "json").out)
    document["goal"] |= {"slug": FLAWED, "title": "A flawed plan"}
    document["goal"]["source"]["kind"] = source
    first, second = (_packages(route) for route in document["routes"][:2])
    for package in second[:FLAWS]:
        package["needs"] = sorted({*package["needs"], first[0]["uid"]})
    terminal.write("flawed.json", json.dumps(document))
    terminal("import", "flawed.json", "--copy")
    terminal("use", FLAWED)


def _packages(route: dict[str, Any]) -> list[dict[str, Any]]:
    return [package for task in route["tasks"] for package in task["packages"]]
