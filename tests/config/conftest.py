"""A home, a project and an environment of their own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a made-up user with nothing configured."""
    return House(tmp_path)
