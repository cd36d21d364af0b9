"""The checks in their order; one that fails says so and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from stellwerk.cli.checks.asking import check_keys, check_prompts
from stellwerk.cli.checks.check import Check, Verdict
from stellwerk.cli.checks.network import check_clock, check_trust
from stellwerk.cli.checks.place import (
    check_author,
    check_database,
    check_disk,
    check_plugins,
    check_python,
    check_settings,
)
from stellwerk.cli.checks.providers import check_providers
from stellwerk.cli.checks.terminal import check_locale, check_terminal
from stellwerk.cli.desk import Desk
from stellwerk.errors import StellwerkError

CHECKS: Final[dict[str, Callable[[Desk], Iterator[Check]]]] = {
    "settings": check_settings,
    "database": check_database,
    "author": check_author,
    "disk": check_disk,
    "python": check_python,
    "plugins": check_plugins,
    "tls": check_trust,
    "clock": check_clock,
    "keys": check_keys,
    "provider": check_providers,
    "prompts": check_prompts,
    "terminal": check_terminal,
    "locale": check_locale,
}


def run_checks(desk: Desk) -> list[Check]:
    """Run every check."""
    found: list[Check] = []
    for name, check in CHECKS.items():
        try:
            found += check(desk)
        except StellwerkError as error:
            if not any(each.message == error.message for each in found):
                found.append(Check(name, Verdict.BAD, error.message, error.hint))
        except OSError as error:
            told = f"it cannot be checked: {error}"
            found.append(
                Check(name, Verdict.BAD, told, "Look at the permissions of its files.")
            )
    return found
