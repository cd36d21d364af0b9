"""Every key that a call can know of is known, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.config.known_secrets import known_secrets, secrets_of_address
from tests.config.house import House
from tests.config.test_vault import PACKAGE

ADDRESSES = {
    "https://api.example.com/v1?api-version=2026-01-01&max_tokens=5": set(),
    "https://ada:p%40ss-word@api.example.com/v1": {"p%40ss-word", "p@ss-word"},
    "https://lone-token@api.example.com/v1": {"lone-token"},
    "https://api.example.com/v1?key=k1&api_key=k2&x-token=k3&sig=k4": {"k1", "k2", "k3", "k4"},
    "https://[broken": set(),
    "no address": set(),
    "": set(),
}


def test_nothing_is_known_where_there_is_nothing(house: House):
    assert known_secrets(house.environ, house.load()) == frozenset()


@pytest.mark.parametrize(
    "name",
    [
        "OPENAI_API_KEY",
        "STELLWERK_AI_ANTHROPIC_API_KEY",
        "STELLWERK_MONITORING_SENTRY_DSN",
        "SOMEBODY_ELSES_TOKEN",
        "DB_PASSWORD",
    ],
)
def test_keys_of_the_environment_are_known_without_settings(house: House, name: str):
    house.environ |= {name: " sesame-1 ", "STELLWERK_USER_NAME": "Ada", "PATH": "/bin"}
    assert known_secrets(house.environ, None) == {" sesame-1 ", "sesame-1"}


def test_credentials_of_addresses_in_the_environment_are_known(house: House):
    house.environ["STELLWERK_AI_OPENAI_BASE_URL"] = "http://ada:sesame@localhost/v1"
    assert known_secrets(house.environ, None) == {"sesame"}


def test_keys_of_the_settings_are_known_those_that_lost_too(house: House):
    house.user_file.write_text(
        '[ai.openai]\napi_key = "sesame-user"\n'
        '[ai.compatible]\nbase_url = "http://h.example/v1?key=sesame-query"\n'
        '[monitoring]\nsentry_dsn = "https://sesame-dsn@o1.example.com/1"\n'
    )
    house.project_file.write_text('[ai.openai]\napi_key = "sesame-project"\n')
    house.trust()
    assert known_secrets(house.environ, house.load()) == {
        "sesame-user",
        "sesame-project",
        "sesame-query",
        "https://sesame-dsn@o1.example.com/1",
        "sesame-dsn",
    }


def test_stored_keys_are_known(house: House):
    keys = house.user_file.with_name("keys.json")
    keys.write_text('{"version": 1, "keys": {"openai": "sesame-file"}, "keyring": []}')
    assert known_secrets(house.environ, None) == {"sesame-file"}


def test_a_broken_file_of_keys_breaks_nothing(house: House):
    house.user_file.with_name("keys.json").write_text("sesame-broken")
    assert known_secrets(house.environ, None) == frozenset()


def test_the_keyring_is_asked_only_where_it_was_asked_before(house: House, tmp_path: Path):
    package = tmp_path / "packages" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(PACKAGE.format(priority=5))
    (package / "errors.py").write_text("class KeyringError(Exception): ...\n")
    keys = house.user_file.with_name("keys.json")
    keys.write_text('{"version": 1, "keys": {}, "keyring": ["openai"]}')
    code = f"""
import sys
from stellwerk.config.known_secrets import known_secrets
environ = {house.environ!r}
print(sorted(known_secrets(environ, None)), "keyring" in sys.modules)
import keyring
keyring.set_password("stellwerk", "openai", "sesame-ring")
print(sorted(known_secrets(environ, None)))
"""
    assert house.python(code, package.parent).splitlines() == ["[] False", "['sesame-ring']"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_gives_its_keys_away(address: str):
    assert set(secrets_of_address(address)) == ADDRESSES[address]
