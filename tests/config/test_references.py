"""`${NAME}` in settings files."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.config.references import expand, has_reference, written
from stellwerk.errors import ConfigError
from tests.config.house import House


def test_a_reference_takes_the_value_of_its_variable(house: House):
    """Anywhere in a text, more than once, and in lists."""
    house.environ |= {"WHO": "Ada", "CODE": "SW1"}
    house.user_file.write_text(
        'user.name = "${WHO} and ${WHO}"\nvalidation.ignore = ["${CODE}", "SW2"]'
    )
    settings = house.load()
    assert settings.user.name == "Ada and Ada"
    assert settings.validation.ignore == ("SW1", "SW2")


def test_two_dollars_are_one_and_a_lone_dollar_is_itself(house: House):
    """`$$` escapes; `$HOME` is no reference."""
    house.user_file.write_text('user.name = "$$ $5 $HOME $${WHO} $"')
    assert house.load().user.name == "$ $5 $HOME ${WHO} $"


@pytest.mark.parametrize(
    "text",
    ['user.name = "x ${UNSET}"', 'validation.ignore = ["SW1", "${UNSET}"]\nuser.name = ""'],
)
def test_an_unset_variable_makes_the_setting_absent(house: House, text: str):
    """The next source counts, as if the line were not there."""
    house.project_file.write_text(text)
    house.trust()
    house.user_file.write_text('user.name = "Ada"\nvalidation.ignore = ["SW9"]')
    settings = house.load()
    assert settings.user.name == "Ada"
    assert settings.validation.ignore == ("SW9",)


def test_a_reference_may_stand_for_a_number_a_truth_or_a_list(house: House):
    """Then the variable's text is read as a typed one."""
    house.environ |= {"N": "12", "T": "yes", "L": "a,b"}
    house.user_file.write_text(
        'ai.max_concurrency = "${N}"\ntui.ascii = "${T}"\nai.providers = "${L}"'
    )
    settings = house.load()
    assert settings.ai.max_concurrency == 12
    assert settings.tui.ascii is True
    assert settings.ai.providers == ("a", "b")


@pytest.mark.parametrize("key", ["planning.size", "ai.openai.timeout_seconds", "tui.ascii"])
def test_an_error_shows_the_reference_and_not_what_it_stands_for(house: House, key: str):
    """The variable may hold a secret."""
    house.environ["TOKEN"] = "sk-very-secret"
    house.user_file.write_text(f'{key} = "${{TOKEN}}"')
    with pytest.raises(ConfigError) as error:
        house.load()
    assert '"${TOKEN}"' in error.value.message
    assert "sk-very-secret" not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize("text", ["${", "${A", "${}", "${1A}", "${A B}", "x${A-b}", "${${A}}"])
def test_a_broken_reference_is_an_error(house: House, text: str):
    """It names file and key, and how to write a dollar."""
    house.user_file.write_text(f'user.name = "{text}"')
    with pytest.raises(ConfigError, match=r"`user.name` has a `\$\{` without") as error:
        house.load()
    assert "`$$` for a dollar" in error.value.hint


@given(st.text(alphabet="${}AB c", max_size=12))
def test_what_is_written_expands_to_what_was_meant(text: str):
    """A text without a reference comes back as it is; one with a reference is kept."""
    held = written(text)
    if has_reference(held):
        assert held == text
    else:
        assert expand(held, {}) == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_values_of_variables_are_not_expanded_again(before: str, value: str):
    """A variable that holds `${X}` holds just that."""
    held = written(before).replace("${", "") + "${V}"
    assert (expand(held, {"V": value}) or "").endswith(value)
