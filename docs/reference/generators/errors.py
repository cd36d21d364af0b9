"""`errors.md`: the error tree with its codes, and the exit codes."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator

from generators.markdown import code, document, fenced, summary, table
from stellwerk import errors
from stellwerk.cli import exit_codes
from stellwerk.errors import StellwerkError

EXITS = {
    "OK": "Fine. Answers that find nothing are fine, too.",
    "FAILED": "It failed; the message says what happened and what to do next.",
    "USAGE": "The call makes no sense: a typo, a wrong value, nothing to change, a wrong setting.",
    "FINDINGS": "A check found something wrong: `prompts check`.",
    "PROVIDER": "No provider could plan.",
    "CONFLICT": "Something is there already, or somebody else changed the same fields.",
    "NOT_FOUND": "What was named does not exist.",
    "BUDGET": "A planning run stopped before it passed `--max-cost`, `--max-calls` or"
    " `--max-tokens`; it can be resumed.",
    "INTERRUPTED": "Interrupted, by Ctrl-C or at a question.",
}

_EXITS = """\
They are stable: a script may rely on them."""
_ERRORS = """\
An error has a *message*, which says what happened and where, and mostly a *hint*, which says what to do
next. Both go to standard error; standard output stays empty. With `--json` they come as JSON, with a
`code` that is as stable as the exit codes:"""
_EXAMPLE = """\
{"schema_version": 1, "kind": "error", "exit_code": 6, "error": {"code": "not_found", "message":
 "There is no ref r99.", "hint": "See `stellwerk show`."}}"""
_BUG = """\
Any other exception is a bug. It has the code `bug` and ends with 1; `--debug` shows its traceback.
An interrupted call has the code `interrupted`, and a planning run that stopped at a limit, which is a
`ProviderError` too, has the code `budget` and ends with 7."""


def page() -> str:
    """Return the page."""
    return document(
        "Errors and exit codes",
        "## Exit codes",
        _EXITS,
        table(("code", "name", "meaning"), _exits()),
        "## Errors",
        _ERRORS,
        fenced(_EXAMPLE, "json"),
        table(("error", "code", "exit code", "meaning"), _errors()),
        _BUG,
        "From Python, they are classes of `stellwerk.errors`:",
        fenced(_tree()),
    )


def _exits() -> Iterator[tuple[str, str, str]]:
    for name, told in EXITS.items():
        yield str(getattr(exit_codes, name)), code(name), told


def _errors() -> Iterator[tuple[str, str, str, str]]:
    for kind in vars(errors).values():
        if inspect.isclass(kind) and issubclass(kind, StellwerkError):
            number = str(exit_codes.exit_code(kind("")))
            yield (
                code(kind.__name__),
                code(kind.code),
                number,
                summary(kind).partition("\n")[0],
            )


def _tree() -> str:
    """Return the tree that the module's docstring draws."""
    lines = (errors.__doc__ or "").split("\n\n")[1]
    return textwrap.dedent(lines)
