"""`config explain`: where a value came from and what it beat."""

from __future__ import annotations

import pytest

from stellwerk.config.explain import explain
from stellwerk.config.schema import SETTINGS
from stellwerk.config.settings import Origin
from stellwerk.errors import ConfigError
from tests.config.house import House


def test_an_explanation_names_the_winner_and_the_losers(house: House):
    """In order of strength, each with its place and value."""
    house.environ["STELLWERK_AI_PROVIDERS"] = "openai,playbooks"
    house.user_file.write_text('ai.providers = ["ollama"]')
    explanation = explain(house.load(), "ai.providers")
    assert explanation.key == "ai.providers"
    assert explanation.value == "openai, playbooks"
    assert explanation.origin is Origin.ENVIRONMENT
    assert explanation.where == "STELLWERK_AI_PROVIDERS"
    assert explanation.default == "auto"
    assert explanation.doc.startswith("Providers to ask")
    assert explanation.overridden == (
        (Origin.USER, str(house.user_file), "ollama"),
        (Origin.DEFAULT, "", "auto"),
    )
    assert explanation.untrusted == ()


def test_a_setting_that_nothing_sets_is_its_default(house: House):
    """There is no place, and nothing lost."""
    explanation = explain(house.load(), "user.name")
    assert (explanation.value, explanation.default) == (None, None)
    assert (explanation.origin, explanation.where) == (Origin.DEFAULT, "")
    assert explanation.overridden == ()


def test_every_setting_can_be_explained(house: House):
    """None is forgotten."""
    settings = house.load()
    for setting in SETTINGS:
        assert explain(settings, setting.key).value == explain(settings, setting.key).default


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("user.nam", "Did you mean `user.name`?"),
        ("providers", "Did you mean `ai.providers`?"),
        ("xyzzy", "`stellwerk config` lists every setting."),
    ],
)
def test_an_unknown_key_names_the_nearest(house: House, key: str, hint: str):
    """The message repeats what was asked."""
    with pytest.raises(ConfigError) as error:
        explain(house.load(), key)
    assert error.value.message == f"There is no setting `{key}`."
    assert error.value.hint == hint


def test_a_section_lists_what_it_holds(house: House):
    """Who explains `user` wants one of its settings."""
    with pytest.raises(
        ConfigError, match="`user` is a section, not a setting; it has name, e"
    ):
        explain(house.load(), "user")


def test_an_absurdly_long_key_is_refused_soon(house: House):
    """Comparing spellings is quadratic, so it is cut first."""
    with pytest.raises(ConfigError) as error:
        explain(house.load(), "a" * 1_000_000)
    assert len(error.value.message) < 200
