"""Finding every value of every setting, and which one counts.

The command line beats the environment, which beats the project's `stellwerk2.toml`, which
beats the user's own; defaults never beat anything. A variable with nothing in it is an
empty list, or false, or for every other kind as if it were not set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from stellwerk.config import locations
from stellwerk.config.documents import Document, entries, read_document
from stellwerk.config.guarding import needs_trust
from stellwerk.config.references import expand, has_reference
from stellwerk.config.schema import SETTINGS, setting_for
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind, Setting, Value
from stellwerk.config.settings import Origin, Resolved, Settings
from stellwerk.config.values import SQLITE, Place, from_text, from_toml
from stellwerk.errors import ConfigError

COMMAND_LINE: Final = "command line"
_NO_FLAGS: Final[Mapping[str, object]] = MappingProxyType({})
_EMPTY: Final = {Kind.FLAG: "false", Kind.LIST: "", Kind.PATHS: ""}
_PATH_VARIABLE: Final = "STELLWERK_DB"


def load(
    cwd: Path, environ: Mapping[str, str], flags: Mapping[str, object] = _NO_FLAGS
) -> Settings:
    """Return the settings that count in a folder.

    Args:
        cwd: The working directory, where the search for the project file starts and what
            relative paths of flags and variables are relative to.
        environ: The environment variables; no others are looked at.
        flags: What the command line sets, by key, as text or value; `None` sets nothing.

    Raises:
        ConfigError: A source has an unknown key or a value that does not fit, or a file
            cannot be read. Values that wait for trust are no error: `Settings.untrusted`.
    """
    here = Place(COMMAND_LINE, _absolute(cwd), locations.home(environ))
    found = [*_from_flags(flags, here), *_from_environment(environ, here)]
    untrusted: list[tuple[Path, str]] = []
    files: list[Path] = []
    for origin, document in _documents(here.folder, environ):
        files.append(document.path)
        place = Place(str(document.path), document.path.parent, here.home)
        waiting = _waiting(document, place, environ) if origin is Origin.PROJECT else ()
        untrusted += [(document.path, key) for key in waiting]
        found += [
            Resolved(setting.key, value, origin, place.where)
            for setting, raw in entries(document)
            if setting.key not in waiting
            and (value := _from_file(setting, raw, place, environ)) is not None
        ]
    return Settings(_chains(found), tuple(untrusted), tuple(files))


def project_file(cwd: Path, environ: Mapping[str, str]) -> Path | None:
    """Return the nearest `stellwerk2.toml` from a folder upwards, or `None`.

    The search ends below the home folder; the user's own file is no project file.
    """
    home = locations.home(environ)
    homes = {str(home), os.path.realpath(home)}
    start = _absolute(cwd)
    for folder in (start, *start.parents):
        if str(folder) in homes:
            return None
        candidate = folder / locations.FILE_NAME
        if os.path.lexists(candidate):
            own = os.path.realpath(locations.user_file(environ))
            return None if os.path.realpath(candidate) == own else candidate
    return None


def _absolute(folder: Path) -> Path:
    return folder if folder.is_absolute() else folder.absolute()


def _chains(found: list[Resolved]) -> dict[str, tuple[Resolved, ...]]:
    chains: dict[str, list[Resolved]] = {setting.key: [] for setting in SETTINGS}
    for resolved in found:
        chains[resolved.key].append(resolved)
    for setting in SETTINGS:
        default = Resolved(setting.key, setting.default, Origin.DEFAULT, "")
        chains[setting.key].append(default)
    return {key: tuple(chain) for key, chain in chains.items()}


def _documents(cwd: Path, environ: Mapping[str, str]) -> Iterator[tuple[Origin, Document]]:
    project = project_file(cwd, environ)
    paths = ((Origin.PROJECT, project), (Origin.USER, locations.user_file(environ)))
    for origin, path in paths:
        document = read_document(path) if path else None
        if document:
            yield origin, document


def _from_flags(flags: Mapping[str, object], here: Place) -> Iterator[Resolved]:
    for key, given in flags.items():
        setting = setting_for(key, COMMAND_LINE)
        value = None if given is None else _from_flag(setting, given, here)
        if value is not None:
            yield Resolved(key, value, Origin.FLAG, COMMAND_LINE)


def _from_flag(setting: Setting, given: object, here: Place) -> Value:
    if isinstance(given, Secret):
        given = given.reveal()
    if isinstance(given, list | tuple):
        return from_toml(setting, [str(item) for item in given], here)
    if isinstance(given, str | Path):
        return from_text(setting, _address(setting, str(given)), here)
    return from_toml(setting, given, here)


def _from_environment(environ: Mapping[str, str], here: Place) -> Iterator[Resolved]:
    for setting in SETTINGS:
        for variable in setting.variables:
            if variable not in environ:
                continue
            text = environ[variable].strip() or _EMPTY.get(setting.kind, "")
            if variable == _PATH_VARIABLE:
                text = _address(setting, text)
            value = from_text(setting, text, here._replace(where=variable))
            if value is not None:
                yield Resolved(setting.key, value, Origin.ENVIRONMENT, variable)


def _address(setting: Setting, text: str) -> str:
    """Let `--db FILE` and `STELLWERK_DB=FILE` name a file where a file needs a URL."""
    plain = setting.kind is Kind.DATABASE and text and "://" not in text
    return SQLITE + text if plain else text


def _waiting(document: Document, place: Place, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of a project file that count only once it is trusted."""
    guarded = tuple(
        setting.key for setting, raw in entries(document) if needs_trust(setting, raw, place)
    )
    if not guarded:
        return ()
    from stellwerk.config.trust import Trust

    store = Trust(locations.trust_file(environ))
    return () if store.is_trusted(document.path, document.content) else guarded


def _from_file(
    setting: Setting, raw: object, place: Place, environ: Mapping[str, str]
) -> Value:
    """Return a value of a file; `None` if it is empty or names a variable that is unset."""
    if isinstance(raw, list):
        items = [_expanded(setting, item, place, environ) for item in raw]
        return None if None in items else from_toml(setting, items, place)
    expanded = _expanded(setting, raw, place, environ)
    if isinstance(raw, str) and isinstance(expanded, str) and has_reference(raw):
        return from_text(setting, expanded, place, shown=raw)
    return None if expanded is None else from_toml(setting, expanded, place)


def _expanded(
    setting: Setting, raw: object, place: Place, environ: Mapping[str, str]
) -> object | None:
    if not isinstance(raw, str):
        return raw
    try:
        return expand(raw, environ)
    except ValueError:
        msg = f"{place.where}: `{setting.key}` has a `${{` without a name and a `}}` after it."
        raise ConfigError(msg, "Write `${NAME}`, or `$$` for a dollar.") from None
