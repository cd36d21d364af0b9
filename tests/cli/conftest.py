"""A user with a home, a folder and an environment of their own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import Program, Terminal
from tests.cli.wire import install_wire


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Return the terminal of a user who has not planned anything yet."""
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    return Terminal(home, folder)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with one planned goal; tests take copies of it."""
    home = tmp_path_factory.mktemp("template")
    first = Terminal(home, home)
    first("plan", "Launch a SaaS product")
    return first.database


@pytest.fixture
def planned(terminal: Terminal, template: Path) -> Terminal:
    """Return the terminal of a user who has planned to launch a SaaS product."""
    terminal.keep(template)
    return terminal


@pytest.fixture
def program(planned: Terminal) -> Program:
    """Return the real program, for the user who has planned."""
    return Program(planned)


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a provider of models that answers as `WIRE` says; return its folder."""
    return install_wire(tmp_path / "site", monkeypatch)
