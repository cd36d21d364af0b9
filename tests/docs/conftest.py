"""The shell of a newcomer: a fresh home, a folder to work in, no settings of anybody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a shell in a fresh folder, with the process's environment set to its own."""
    made = Shell(tmp_path)
    made.folder.mkdir(parents=True)
    environment = made.environment()
    for name in set(os.environ) - set(environment):
        monkeypatch.delenv(name)
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(made.folder)
    return made
