"""Text that comes from standard input, a file or an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from stellwerk.errors import NotFoundError, UsageError

MAX_BYTES = 8 * 1024 * 1024


def read_text(source: str) -> str:
    """Return the text of a file, or of standard input for `-`.

    Raises:
        NotFoundError: There is no such file.
        UsageError: It is too large or not UTF-8 text.
    """
    try:
        if source == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {source}.") from None
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror or error}.") from error
    name = "Standard input" if source == "-" else source
    if len(data) > MAX_BYTES:
        raise UsageError(f"{name} is larger than {MAX_BYTES // 2**20} MB.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        msg = f"{name} is not UTF-8 text (byte {error.start})."
        raise UsageError(msg, "Is it the right file?") from error


def edited(text: str, name: str) -> str:
    """Return a text after the user changed it in `VISUAL` or `EDITOR`.

    Raises:
        UsageError: There is no editor, or it failed; the text is kept in a file then.
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
    result = read_text(path)
    Path(path).unlink(missing_ok=True)
    return result
