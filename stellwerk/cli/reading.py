"""Text that comes from standard input, a file or an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stellwerk.errors import NotFoundError, StellwerkError, UsageError

MAX_BYTES = 8 * 1024 * 1024
_spent: list[object] = []


def read_text(source: str) -> str:
    """Return the text of a file, or of standard input for `-`.

    Raises:
        NotFoundError: There is no such file.
        UsageError: It is too large, not UTF-8 text, or standard input was read before.
    """
    try:
        if source == "-":
            data = _standard_input()
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {source}.", "Check its path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{source} cannot be read: {reason}.", "Name a text file.") from error
    name = "Standard input" if source == "-" else source
    if len(data) > MAX_BYTES:
        msg = f"{name} is larger than {MAX_BYTES // 2**20} MB."
        raise UsageError(msg, "Is it the right file?")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        msg = f"{name} is not UTF-8 text (byte {error.start})."
        raise UsageError(msg, "Is it the right file?") from error


def _standard_input() -> bytes:
    """Return all of standard input, which can be had once (UsageError)."""
    if sys.stdin in _spent:
        raise UsageError("Standard input was read already.", "Say `-` only once.")
    _spent[:] = [sys.stdin]
    return sys.stdin.buffer.read(MAX_BYTES + 1)


@contextmanager
def edited(text: str, name: str) -> Iterator[str]:
    """Yield a text after the user changed it in `VISUAL` or `EDITOR`.

    What was typed is kept in a file, and the error names it, if the block fails.

    Raises:
        UsageError: There is no editor, it failed, or nothing was changed.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    handle, path = tempfile.mkstemp(suffix=".md", prefix=f"stellwerk-{name}-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        code = subprocess.run([*shlex.split(command), path], check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        msg = f"The editor {command!r} cannot be started: {error}."
        raise UsageError(msg, "Set EDITOR, or give the text with `--notes FILE`.") from error
    if code:
        raise UsageError(f"{command!r} ended with code {code}.", f"Your text is in {path}.")
    try:
        result = read_text(path)
        if result == text:
            Path(path).unlink()
            raise UsageError("The text is as it was.", "Nothing was changed.")
        yield result
    except StellwerkError as error:
        if Path(path).exists():
            error.hint = f"{error.hint} Your text is in {path}.".strip()
        raise
    Path(path).unlink(missing_ok=True)
