"""Loading settings is a part of every command, so it stays light."""

from __future__ import annotations

from tests.config.house import House

HEAVY = ("pydantic", "rich", "typer", "platformdirs", "tomli_w", "keyring", "difflib")


def test_loading_settings_imports_nothing_heavy(house: House):
    """Neither with files nor without; hashes only for a file that wants trust."""
    house.project_file.write_text("planning.max_routes = 3")
    house.user_file.write_text('user.name = "Ada"')
    code = f"""
import sys
before = set(sys.modules)
from pathlib import Path
from stellwerk.config.discovery import load
settings = load(Path({str(house.project)!r}), {house.environ!r})
assert settings.planning.max_routes == 3 and settings.user.name == "Ada"
print([name for name in {HEAVY!r} + ("hashlib", "json") if name in sys.modules.keys() - before])
"""
    assert house.python(code) == "[]"


def test_without_files_no_parser_is_imported(house: House):
    """Most commands of most people."""
    code = f"""
import sys
before = set(sys.modules)
from pathlib import Path
from stellwerk.config.discovery import load
load(Path({str(house.project)!r}), {house.environ!r})
print("tomllib" in sys.modules.keys() - before)
"""
    assert house.python(code) == "False"
