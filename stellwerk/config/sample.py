"""The sample `stellwerk2.toml`: every setting explained, none of them set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from stellwerk.config.schema import SETTINGS
from stellwerk.config.setting import Setting, Value

_HEAD: Final = """\
# The settings of Stellwerk 2. Everything here is commented out and shows its default, or
# an example where there is none: remove the `#` before a setting to set it.
#
# Stellwerk reads the `stellwerk2.toml` nearest to the working directory, upwards, and the
# user's own in the configuration folder. Flags beat variables, variables beat the project's
# file, the project's file beats the user's. Relative paths start at the file they stand in.
# `${NAME}` takes a value from the environment, and sets nothing if NAME is not set; `$$` is
# a dollar. `stellwerk config explain KEY` says where a value came from.
"""
_GUARDED: Final = "In a project's file it counts only after `stellwerk config trust`."


def sample_toml() -> str:
    """Return the sample file; as it stands it sets nothing."""
    return _HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    section = ""
    for setting in SETTINGS:
        if setting.section != section:
            section = setting.section
            yield f"\n[{section}]\n"
        yield "\n"
        for line in wrap(_doc(setting), 90, break_on_hyphens=False):
            yield f"# {line}\n"
        yield f"#{setting.name} = {setting.example or _toml(setting.default)}\n"


def _doc(setting: Setting) -> str:
    limits = f"It has to be {setting.expected}." if setting.minimum is not None else ""
    guard = _GUARDED if setting.guarded else ""
    return " ".join(filter(None, (setting.doc, limits, guard)))


def _toml(value: Value) -> str:
    """Return a default as TOML; the texts, numbers and lists of the table are JSON too."""
    return json.dumps(value, ensure_ascii=False)
