"""Every folder and file Stellwerk keeps for its user, as functions of the environment.

The XDG variables count on every system; without them Linux follows the XDG defaults and
other systems their own customs.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from stellwerk.errors import ConfigError

FILE_NAME: Final = "stellwerk2.toml"
_APP: Final = "stellwerk"
_XDG: Final = {
    "config": ("XDG_CONFIG_HOME", ".config"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}
_OTHERS: Final = frozenset({"darwin", "win32", "cygwin"})
_SQLITE: Final = "sqlite:///"


def home(environ: Mapping[str, str]) -> Path:
    """Return the home folder.

    Raises:
        ConfigError: Neither `HOME` nor the system knows one.
    """
    named = Path(environ.get("HOME", ""))
    if named.is_absolute():
        return named
    try:
        return Path.home()
    except RuntimeError as error:
        raise ConfigError("There is no home folder.", "Set HOME to a folder.") from error


def config_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder of the user's settings and keys."""
    return _folder("config", environ, platform)


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder of what must not be lost: the database and its backups."""
    return _folder("data", environ, platform)


def state_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder of what may be lost but not shared: trust, the goal in use."""
    return _folder("state", environ, platform)


def cache_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder of what can be fetched again."""
    return _folder("cache", environ, platform)


def user_file(environ: Mapping[str, str]) -> Path:
    """Return the user's own settings file, whether it exists or not."""
    return config_folder(environ) / FILE_NAME


def trust_file(environ: Mapping[str, str]) -> Path:
    """Return the file that remembers which project files are trusted."""
    return state_folder(environ) / "trusted.json"


def default_database(environ: Mapping[str, str]) -> Path:
    """Return the database that is used when nothing names another."""
    return data_folder(environ) / "stellwerk.db"


def database_file(url: str | None, environ: Mapping[str, str]) -> Path:
    """Return the file behind the setting `database.url`, or the default database."""
    return Path(url.removeprefix(_SQLITE)) if url else default_database(environ)


def _folder(purpose: str, environ: Mapping[str, str], platform: str) -> Path:
    variable, below_home = _XDG[purpose]
    named = Path(environ.get(variable, ""))
    if named.is_absolute():
        return named / _APP
    if platform in _OTHERS:
        from platformdirs import PlatformDirs

        return Path(getattr(PlatformDirs(_APP, appauthor=False), f"user_{purpose}_path"))
    return home(environ) / below_home / _APP
