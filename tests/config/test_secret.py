"""Secrets show themselves to nobody."""

from __future__ import annotations

import copy
import json
import pickle
import traceback

import pytest

from stellwerk.config.explain import explain
from stellwerk.config.schema import SETTINGS
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind
from stellwerk.errors import ConfigError
from tests.config.house import House

HIDDEN = "sk-Zx9-very-hidden"
SECRETS = [setting.key for setting in SETTINGS if setting.kind is Kind.SECRET]


def test_a_secret_prints_as_stars():
    """In every way of printing there is."""
    secret = Secret(HIDDEN)
    shown = f"{secret} {secret!r} {secret!s} {secret:>5} {[secret]} {(secret,)}"
    assert HIDDEN not in shown
    assert str(secret) == "***"
    assert secret.reveal() == HIDDEN


def test_a_secret_cannot_be_pickled_or_dumped():
    """Neither by accident nor by a cache."""
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(Secret(HIDDEN))
    with pytest.raises(TypeError):
        json.dumps(Secret(HIDDEN))


def test_secrets_compare_by_their_text():
    """And only with each other."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert copy.copy(Secret("a")) == copy.deepcopy(Secret("a")) == Secret("a")


@pytest.mark.parametrize("key", SECRETS)
def test_a_secret_is_in_no_repr_and_no_explanation(house: House, key: str):
    """Wherever it came from, and also when it lost."""
    house.user_file.write_text(f'{key} = "{HIDDEN}"')
    settings = house.load({key: Secret(HIDDEN + "2")})
    explanation = explain(settings, key)
    assert explanation.value == "***"
    assert explanation.overridden[0][2] == "***"
    resolved = settings.resolved(key)
    for shown in (settings, settings.ai.openai, resolved, resolved.value, explanation):
        assert HIDDEN not in f"{shown} {shown!r}"


@pytest.mark.parametrize("key", SECRETS)
@pytest.mark.parametrize(
    "raw",
    [f'"{HIDDEN} with spaces"', f'"{HIDDEN}\\nnext"', f'["{HIDDEN}"]', f'{{a = "{HIDDEN}"}}'],
)
def test_a_secret_that_does_not_fit_is_not_shown(house: House, key: str, raw: str):
    """Not in the message, the hint, nor anywhere in the traceback."""
    house.user_file.write_text(f"{key} = {raw}")
    with pytest.raises(ConfigError) as error:
        house.load()
    assert f"`{key}` is " in error.value.message
    shown = "".join(traceback.format_exception(error.value))
    assert HIDDEN not in shown + error.value.hint


@pytest.mark.parametrize(
    "text",
    [
        f'[ai.openai]\napi_kye = "{HIDDEN}"',
        f'ai.openai.api_key = "{HIDDEN}',
        f"ai.openai.api_key = {HIDDEN}",
        f'ai.openai.base_url = "{HIDDEN}"',
        f'ai.openai.base_url = "ftp://me:{HIDDEN}@host"',
        f'database.url = "postgresql://me:{HIDDEN}@host/db"',
        f'database.url = "{HIDDEN}"',
        f'ai.openai.api_key = "${{{HIDDEN}"',
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(house: House, text: str):
    """Misspelled keys, unclosed quotes, passwords in addresses."""
    house.user_file.write_text(text)
    with pytest.raises(ConfigError) as error:
        house.load()
    assert HIDDEN not in "".join(traceback.format_exception(error.value)) + error.value.hint


def test_a_number_for_a_secret_is_not_shown(house: House):
    """A digits-only token without quotes is still a secret."""
    house.user_file.write_text("ai.openai.api_key = 1234567890")
    with pytest.raises(ConfigError) as error:
        house.load()
    assert "1234567890" not in str(error.value)
