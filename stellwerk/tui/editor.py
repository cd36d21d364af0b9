"""Writing a text in somebody's own editor, while the app steps aside."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.app import App, SuspendNotSupported

from stellwerk.errors import UsageError


def edited_text(app: App[None], text: str) -> str:
    """Return a text as somebody left it in `$VISUAL` or `$EDITOR`.

    Raises:
        UsageError: There is no editor, or it failed.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        words = shlex.split(command)
        with TemporaryDirectory(prefix="stellwerk-") as folder:
            file = Path(folder) / "text.md"
            file.write_text(text, "utf-8")
            done: subprocess.CompletedProcess[bytes] | OSError
            with app.suspend():  # comes back only if nothing is raised in it
                try:
                    done = subprocess.run([*words, str(file)], check=False)  # noqa: S603
                except OSError as error:
                    done = error
            if isinstance(done, OSError):
                raise done
            if done.returncode:
                msg = f"The editor {command!r} ended with {done.returncode}."
                raise UsageError(msg, "The text was left as it is.")
            return file.read_text("utf-8")
    except SuspendNotSupported as error:
        msg = "An editor cannot be opened here."
        raise UsageError(msg, "Use `stellwerk edit REF` in a terminal.") from error
    except UnicodeDecodeError as error:
        msg = f"What {command!r} wrote is not UTF-8."
        raise UsageError(msg, "Save it as UTF-8; the text was left as it is.") from error
    except (OSError, ValueError) as error:
        msg = f"The editor {command!r} could not be used: {error}."
        raise UsageError(msg, "Set EDITOR to the one you use, such as `nano`.") from error
