"""A real terminal: tmux of a given size, with the program typed into a shell in it."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from pathlib import Path
from typing import Final

from rich.cells import cell_len

from tests.cli.terminal import Program

_PROMPT: Final = "ready>"
_PATIENCE: Final = 20.0


class Screen:
    """A terminal on which somebody types.

    Attributes:
        terminal: Whose home and folder it has.

    Args:
        program: What `stellwerk` is, and whose home and folder count.
        columns: Width of the terminal.
        lines: Its height.
        environ: More environment variables.
    """

    def __init__(self, program: Program, columns: int, lines: int, **environ: str) -> None:
        self.terminal = program.terminal
        folder = self.terminal.folder
        self.columns, self.lines = columns, lines
        self._socket = str(folder.parent / "tmux")
        whole = {
            **self.terminal.environ,
            "PS1": _PROMPT,
            "STELLWERK_PAGER": "less",
            **environ,
        }
        whole.pop("TERM") if "TERM" not in environ else None
        self._environ = self.terminal.environ
        script = folder.parent / "shell.rc"
        words = shlex.join(program.command)
        script.write_text(
            "".join(f"export {name}={shlex.quote(value)}\n" for name, value in whole.items())
            + f'stellwerk() {{ {words} "$@"; }}\ncd {shlex.quote(str(folder))}\n'
        )
        shell = f"bash --noprofile --rcfile {shlex.quote(str(script))} -i"
        size = ("-x", str(columns), "-y", str(lines))
        self._tmux("-f", "/dev/null", "-u", "new-session", "-d", *size, shell)
        self.wait(_PROMPT)

    def type(self, text: str, *keys: str) -> None:
        """Type text, then keys by tmux's names, as `Enter` or `C-c`."""
        if text:
            self._tmux("send-keys", "-l", text)
        for key in keys:
            self._tmux("send-keys", key)

    def clear(self) -> None:
        """Leave nothing but a fresh prompt of the shell, once what runs has ended."""
        self.wait(rf"{_PROMPT}\s*\Z")
        self._tmux("send-keys", "-R")
        self._tmux("clear-history")
        self.type("", "Enter")
        self.wait(rf"\A\s*{_PROMPT}\s*\Z")

    def run(self, line: str) -> list[str]:
        """Type a command, wait until it has ended, return the lines that it left."""
        self.clear()
        self.type(f"{line}; echo code=$?", "Enter")
        self.wait(r"^code=\d+$")
        lines = "\n".join(self.shown(history=True)).split(f"{_PROMPT}{line}; echo code=$?")
        return lines[-1].split("\ncode=")[0].strip("\n").split("\n")

    def wait(self, pattern: str) -> str:
        """Wait until the screen shows a pattern, and return what it shows then."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            text = "\n".join(self.shown())
            if re.search(pattern, text, re.MULTILINE):
                return text
            time.sleep(0.05)
        msg = f"{pattern!r} did not appear:\n{text}"
        raise AssertionError(msg)

    def shown(self, *, history: bool = False) -> list[str]:
        """Return the lines of the screen, also those that have scrolled away.

        A line that the terminal had to break is one line again, so it is too wide.
        """
        past = ("-S", "-") if history else ()
        text = self._tmux("capture-pane", "-p", "-J", *past)
        return [line.rstrip() for line in text.rstrip("\n").split("\n")]

    def coloured(self) -> str:
        """Return the screen with its escape sequences."""
        return self._tmux("capture-pane", "-p", "-e")

    def close(self) -> None:
        """End the terminal and everything in it."""
        subprocess.run(
            ["tmux", "-S", self._socket, "kill-server"], check=False, capture_output=True
        )
        Path(self._socket).unlink(missing_ok=True)

    def _tmux(self, *args: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *args],
            env=self._environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


def widest(lines: list[str]) -> int:
    """Return the cells that the widest line takes."""
    return max(cell_len(line) for line in lines)
