"""Every example runs as it stands, from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.*")), ids=lambda path: path.name)
def test_an_example_runs_from_an_empty_folder(example: Path, tmp_path: Path):
    """It ends well, says something, and leaves the user's own folders alone."""
    folders = {
        f"XDG_{name}_HOME": str(tmp_path / name) for name in ("DATA", "CONFIG", "STATE")
    }
    scripts = Path(sys.executable).parent
    environ = {**os.environ, **folders, "PATH": f"{scripts}:{os.environ['PATH']}"}
    command = [sys.executable] if example.suffix == ".py" else ["sh"]
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        [*command, str(example)],
        cwd=work,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr
