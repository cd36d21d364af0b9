"""Exit codes, stable and documented."""

from __future__ import annotations

from typing import Final

from stellwerk.errors import StellwerkError

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
FINDINGS: Final = 3
PROVIDER: Final = 4
CONFLICT: Final = 5
NOT_FOUND: Final = 6
BUDGET: Final = 7
INTERRUPTED: Final = 130

_BY_CODE: Final = {
    "usage": USAGE,
    "config": USAGE,
    "findings": FINDINGS,
    "provider": PROVIDER,
    "budget": BUDGET,
    "conflict": CONFLICT,
    "not_found": NOT_FOUND,
}


def exit_code(error: StellwerkError) -> int:
    """Return the exit code for an error."""
    return _BY_CODE.get(error.code, FAILED)
