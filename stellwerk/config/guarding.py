"""Which values of a project file count only once somebody trusts the file.

Whoever clones a repository has not read its `stellwerk2.toml`. So it may not say where
keys and goals are sent, take variables from the environment, load code, or lead outside
its own folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from stellwerk.config.references import expand, has_reference
from stellwerk.config.setting import Kind, Setting
from stellwerk.config.values import Place, database_path, path_from


def needs_trust(setting: Setting, raw: object, place: Place) -> bool:
    """Say whether a value of a project file has to be trusted.

    Args:
        setting: What is set.
        raw: The value as the file has it, references and all.
        place: The project file; its folder is the project.
    """
    if setting.guarded:
        return True
    texts = [raw] if isinstance(raw, str) else raw if isinstance(raw, list) else []
    return any(_leads_away(setting, text, place) for text in texts if isinstance(text, str))


def _leads_away(setting: Setting, text: str, place: Place) -> bool:
    if has_reference(text):
        return True
    text = (expand(text, {}) or "").strip()
    try:
        if setting.kind in {Kind.PATH, Kind.PATHS}:
            return _outside(path_from(text, place), place.folder)
        if setting.kind is Kind.DATABASE:
            return _outside(database_path(text, place), place.folder)
    except ValueError:
        return "://" in text
    return False


def _outside(path: Path, folder: Path) -> bool:
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
