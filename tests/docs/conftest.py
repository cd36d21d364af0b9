"""The shell of a newcomer: a fresh home, a folder to work in, no settings of anybody."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Yield a shell in a fresh folder, with the process's environment set to its own."""
    made = Shell(tmp_path)
    made.folder.mkdir(parents=True)
    environment = made.environment()
    for name in set(os.environ) - set(environment):
        monkeypatch.delenv(name)
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(made.folder)
    yield made
    made.uninstall()
    gc.collect()
