"""Where Stellwerk keeps its files."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from stellwerk.config import locations

FOLDERS = {
    "config": (locations.config_folder, "XDG_CONFIG_HOME", ".config"),
    "data": (locations.data_folder, "XDG_DATA_HOME", ".local/share"),
    "state": (locations.state_folder, "XDG_STATE_HOME", ".local/state"),
    "cache": (locations.cache_folder, "XDG_CACHE_HOME", ".cache"),
}


@pytest.mark.parametrize("purpose", FOLDERS)
def test_folders_follow_the_xdg_variables(purpose: str):
    """On every system; a relative path in them does not count, as XDG says."""
    folder, variable, default = FOLDERS[purpose]
    environ = {"HOME": "/home/ada"}
    assert folder(environ, "linux") == Path("/home/ada", default, "stellwerk")
    assert folder({**environ, variable: "/x"}, "linux") == Path("/x/stellwerk")
    assert folder({**environ, variable: "/x"}, "darwin") == Path("/x/stellwerk")
    assert folder({**environ, variable: "x"}, "linux") == folder(environ, "linux")
    assert folder({**environ, variable: ""}, "linux") == folder(environ, "linux")


@pytest.mark.parametrize("purpose", FOLDERS)
def test_other_systems_follow_their_customs(purpose: str):
    """As platformdirs knows them."""
    folder = FOLDERS[purpose][0]
    custom = getattr(platformdirs, f"user_{purpose}_path")("stellwerk", appauthor=False)
    assert folder({}, "darwin") == custom


def test_the_files_stand_in_their_folders():
    """One place for each."""
    environ = {"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"}
    environ["XDG_STATE_HOME"] = "/s"
    assert locations.user_file(environ) == Path("/c/stellwerk/stellwerk2.toml")
    assert locations.default_database(environ) == Path("/d/stellwerk/stellwerk.db")
    assert locations.trust_file(environ) == Path("/s/stellwerk/trusted.json")


def test_the_database_is_the_file_of_its_address_or_the_default():
    """As `settings.database.url` holds it, which is always absolute."""
    environ = {"XDG_DATA_HOME": "/d", "HOME": "/h"}
    assert locations.database_file("sqlite:////a b/c.db", environ) == Path("/a b/c.db")
    assert locations.database_file(None, environ) == Path("/d/stellwerk/stellwerk.db")


def test_without_home_the_system_is_asked():
    """A service may run without the variable."""
    assert locations.home({}) == Path.home()
    assert locations.home({"HOME": "relative"}) == Path.home()
