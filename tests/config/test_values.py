"""What values fit which kind of setting, and how errors speak of those that do not."""

from __future__ import annotations

import pytest

from stellwerk.config.schema import SETTINGS, setting_for
from stellwerk.config.setting import Kind
from stellwerk.config.values import as_text
from stellwerk.errors import ConfigError
from tests.config.house import House

FITTING = [
    ("ai.max_concurrency = 1", "ai.max_concurrency", 1),
    ("ai.openai.timeout_seconds = 5", "ai.openai.timeout_seconds", 5.0),
    ("ai.openai.timeout_seconds = 2.5", "ai.openai.timeout_seconds", 2.5),
    ("planning.quality_threshold = 1", "planning.quality_threshold", 1.0),
    ("tui.ascii = true", "tui.ascii", True),
    ("planning.size = 'Small'", "planning.size", "small"),
    ("monitoring.log_level = 'debug'", "monitoring.log_level", "DEBUG"),
    ("planning.language = 'de'", "planning.language", "de"),
    ("planning.language = 'auto'", "planning.language", "auto"),
    ("user.name = '  Ada   Lovelace '", "user.name", "Ada Lovelace"),
    ("user.name = 'Zoë'", "user.name", "Zoë"),
    ('user.name = "A\\u001b[31mda\\u202e"', "user.name", "Ada"),
    ("validation.ignore = ['SW1', '', ' SW2 ']", "validation.ignore", ("SW1", "SW2")),
    ("database.url = 'sqlite:////a/b.db'", "database.url", "sqlite:////a/b.db"),
    ("database.url = 'sqlite+pysqlite:////a/b.db'", "database.url", "sqlite:////a/b.db"),
    ("ai.ollama.base_url = 'http://[::1]:1'", "ai.ollama.base_url", "http://[::1]:1"),
]

WRONG = [
    ("ai.max_concurrency = 0", "0", "a whole number from 1 to 256"),
    ("ai.max_concurrency = 257", "257", "a whole number from 1 to 256"),
    ("ai.max_concurrency = true", "true", "a whole number from 1 to 256"),
    ("ai.max_concurrency = 1.5", "1.5", "a whole number from 1 to 256"),
    ("ai.max_concurrency = '8'", '"8"', "a whole number from 1 to 256"),
    ("ai.max_concurrency = 2020-01-01", "a date or time", "a whole number from 1 to 256"),
    ("ai.openai.timeout_seconds = nan", "nan", "a number from 1 to 3600"),
    ("ai.openai.timeout_seconds = inf", "inf", "a number from 1 to 3600"),
    ("ai.openai.timeout_seconds = true", "true", "a number from 1 to 3600"),
    ("tui.ascii = 'yes'", '"yes"', "true or false"),
    ("tui.ascii = 1", "1", "true or false"),
    ("planning.size = 'huge'", '"huge"', "one of auto, small, standard, detailed"),
    ("planning.language = 'German'", '"German"', "auto or an ISO 639 code such as de"),
    ("user.name = 3", "3", "a text"),
    ("user.name = ['a']", "a list", "a text"),
    ("user.name = {first = 'a'}", "a section", "a text"),
    ("validation.ignore = 'SW1'", '"SW1"', "a list of texts"),
    ("validation.ignore = [1]", "a list", "a list of texts"),
    ("planning.playbooks = ['a\\nb']".replace("'", '"'), "a list", "a list of paths"),
    ('monitoring.log_file = "a\\u0000b"', '"ab"', "a path without control characters"),
    ("ai.openai.base_url = 'ftp://x'", '"ftp://..."', "an address such as https://"),
    ("ai.openai.base_url = 'http://'", '"http://..."', "an address such as https://"),
    ("ai.openai.base_url = 'example.com'", "no address", "an address such as https://"),
    ("ai.openai.api_key = 5", "a whole number", "a text in one line without spaces"),
    ("database.url = 'plans.db'", "no address", "sqlite:///FILE, without a query"),
    ("database.url = 'sqlite://'", '"sqlite://..."', "sqlite:///FILE, without a query"),
    ("database.url = 'sqlite:///:memory:'", '"sqlite:///:memory:"', "sqlite:///FILE"),
    ("database.url = 'sqlite:///a?mode=ro'", '"sqlite:///a?mode=ro"', "sqlite:///FILE"),
]


@pytest.mark.parametrize(("text", "key", "expected"), FITTING)
def test_a_value_that_fits_is_taken(house: House, text: str, key: str, expected: object):
    """Texts lose control characters and idle space; choices take their own spelling."""
    house.user_file.write_text(text, encoding="utf-8")
    value = house.load().resolved(key).value
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(("text", "found", "expected"), WRONG)
def test_a_value_that_does_not_fit_names_file_key_found_and_expected(
    house: House, text: str, found: str, expected: str
):
    """One sentence says all that is needed to mend it."""
    house.user_file.write_text(text)
    key = text.split(" = ", maxsplit=1)[0]
    with pytest.raises(ConfigError) as error:
        house.load()
    start = f"{house.user_file}: `{key}` is {found}, but has to be {expected}"
    assert error.value.message.startswith(start)
    assert error.value.hint == f"`stellwerk config explain {key}` says more."


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("STELLWERK_AI_MAX_CONCURRENCY", "many"),
        ("STELLWERK_AI_MAX_CONCURRENCY", "٣"),
        ("STELLWERK_AI_MAX_CONCURRENCY", "9" * 5000),
        ("STELLWERK_AI_OPENAI_TIMEOUT_SECONDS", "soon"),
        ("STELLWERK_TUI_ASCII", "perhaps"),
        ("STELLWERK_PLUGINS", "one,two"),
        ("STELLWERK_DB", "postgresql://host/db"),
    ],
)
def test_a_wrong_variable_is_named(house: House, variable: str, text: str):
    """The variable stands where a file would."""
    house.environ[variable] = text
    with pytest.raises(ConfigError, match=f"^{variable}: `"):
        house.load()


def test_a_huge_number_is_out_of_range(house: House):
    """Python's integers have no end, floats do."""
    house.user_file.write_text("ai.openai.timeout_seconds = 1" + "0" * 400)
    with pytest.raises(ConfigError, match="a number from 1 to 3600"):
        house.load()


@pytest.mark.parametrize("text", ["true", "YES", "on", "1"])
@pytest.mark.parametrize("negated", [False, True])
def test_truths_in_variables_have_the_usual_spellings(house: House, text: str, negated: bool):
    """true/false, yes/no, on/off, 1/0 in any case."""
    opposite = {"true": "false", "YES": "NO", "on": "Off", "1": "0"}
    house.environ["STELLWERK_TUI_ASCII"] = opposite[text] if negated else text
    assert house.load().tui.ascii is not negated


def test_a_long_wrong_value_is_shortened_and_cleaned(house: House):
    """A message stays a line, and cannot move the cursor."""
    house.user_file.write_text('planning.size = "\\u001b[2J' + "x" * 5000 + '"')
    with pytest.raises(ConfigError) as error:
        house.load()
    assert len(error.value.message) < 300
    assert "\x1b" not in error.value.message


def test_an_unknown_key_is_shortened_and_cleaned(house: House):
    """Keys come from files too."""
    house.user_file.write_text('"\\u001b[2J' + "x" * 5000 + '" = 1')
    with pytest.raises(ConfigError) as error:
        house.load()
    assert len(error.value.message) < 300
    assert "\x1b" not in error.value.message


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("ai.offline", True, "true"),
        ("ai.offline", False, "false"),
        ("ai.providers", ("a", "b"), "a, b"),
        ("ai.max_concurrency", 8, "8"),
        ("user.name", None, None),
        ("ai.openai.base_url", "https://u:p@h/v1?k=v#x", "https://***@h/v1?***"),
        ("ai.openai.base_url", "https://h/@scope/v1", "https://h/@scope/v1"),
        ("database.url", "sqlite:////a@b/c#1.db", "sqlite:////a@b/c#1.db"),
    ],
)
def test_a_value_is_shown_as_text(key: str, value: object, text: str | None):
    """As one would type it; a password in an address is masked."""
    assert as_text(setting_for(key), value) == text  # type: ignore[arg-type]


def test_every_default_fits_its_own_setting(house: House):
    """Typing a default out is never an error."""
    for setting in SETTINGS:
        if setting.default is not None and setting.kind is not Kind.PATHS:
            shown = as_text(setting, setting.default)
            settings = house.load({setting.key: shown})
            assert settings.resolved(setting.key).value == setting.default
