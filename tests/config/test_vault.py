"""The system's keyring, played by a package of our own in another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.house import House

PACKAGE = """
class Backend:
    priority = {priority}

held = {{}}

def get_keyring():
    return Backend()

def get_password(service, name):
    if name == "locked":
        raise errors.KeyringError("locked")
    return held.get((service, name))

def set_password(service, name, value):
    if name == "locked":
        raise errors.KeyringError("locked")
    held[service, name] = value

def delete_password(service, name):
    del held[service, name]

from keyring import errors
"""


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    """Return a folder with a package called keyring in it."""
    package = tmp_path / "packages" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(PACKAGE.format(priority=5))
    (package / "errors.py").write_text("class KeyringError(Exception): ...\n")
    return package.parent


def test_the_keyring_package_is_used_where_it_is_installed(house: House, keyring: Path):
    """It stores, returns and forgets under the name of Stellwerk."""
    code = """
import keyring
from stellwerk.config.vault import system_vault
vault = system_vault()
print(type(vault).__name__, vault.read("openai"), vault.write("openai", "sk-1"))
print(vault.read("openai"), keyring.held)
print(vault.erase("openai"), vault.erase("openai"), vault.read("openai"))
"""
    assert house.python(code, keyring).splitlines() == [
        "SystemVault None True",
        "sk-1 {('stellwerk', 'openai'): 'sk-1'}",
        "True True None",
    ]


def test_what_the_keyring_refuses_counts_as_not_there(house: House, keyring: Path):
    """A locked keyring is no traceback."""
    code = """
from stellwerk.config.vault import system_vault
vault = system_vault()
print(vault.read("locked"), vault.write("locked", "x"), vault.erase("locked"))
"""
    assert house.python(code, keyring) == "None False False"


def test_a_keyring_without_a_usable_backend_is_none(house: House, keyring: Path):
    """Servers have the package, but nothing behind it."""
    (keyring / "keyring" / "__init__.py").write_text(PACKAGE.format(priority=0))
    code = (
        "from stellwerk.config.vault import system_vault; print(type(system_vault()).__name__)"
    )
    assert house.python(code, keyring) == "NoVault"


def test_without_the_package_there_is_no_vault(house: House, tmp_path: Path):
    """Its absence costs one failed import, and only when a key is asked for."""
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "keyring.py").write_text("raise ImportError")
    code = """
from stellwerk.config.vault import system_vault
vault = system_vault()
print(type(vault).__name__, vault.read("a"), vault.write("a", "b"), vault.erase("a"))
"""
    assert house.python(code, blocked) == "NoVault None False True"
