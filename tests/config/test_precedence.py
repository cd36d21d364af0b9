"""Which source of a setting wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.config.settings import Origin
from stellwerk.errors import ConfigError
from tests.config.house import House

SOURCES = ("flag", "environment", "project", "user")


def arrange(house: House, sources: tuple[str, ...]) -> dict[str, object]:
    """Set `user.name` in each of the sources to the source's name; return the flags."""
    if "environment" in sources:
        house.environ["STELLWERK_USER_NAME"] = "environment"
    if "project" in sources:
        house.project_file.write_text('user.name = "project"')
    if "user" in sources:
        house.user_file.write_text('[user]\nname = "user"')
    return {"user.name": "flag" if "flag" in sources else None}


@pytest.mark.parametrize("bits", range(16))
def test_the_strongest_source_that_is_set_wins(house: House, bits: int):
    """Flags beat variables, those the project's file, that the user's, that the default."""
    present = tuple(name for at, name in enumerate(SOURCES) if bits & 1 << at)
    settings = house.load(arrange(house, present))
    assert settings.user.name == (present[0] if present else None)
    assert settings.resolved("user.name").origin == (present or ("default",))[0]
    losers = [resolved.origin.value for resolved in settings.overridden("user.name")]
    assert losers == ([*present[1:], "default"] if present else [])


def test_each_value_says_where_it_came_from(house: House):
    """The place is the file, the variable or the command line."""
    settings = house.load(arrange(house, SOURCES))
    chain = (settings.resolved("user.name"), *settings.overridden("user.name"))
    assert [resolved.where for resolved in chain] == [
        "command line",
        "STELLWERK_USER_NAME",
        str(house.project_file),
        str(house.user_file),
        "",
    ]


def test_defaults_count_when_nothing_is_set(house: House):
    """A fresh machine has sensible settings and read no file."""
    settings = house.load()
    assert settings.ai.max_concurrency == 8
    assert settings.ai.providers == ("auto",)
    assert settings.planning.quality_threshold == 0.7
    assert settings.database.url is None
    assert settings.files == ()
    assert settings.untrusted == ()


def test_sources_mix_by_setting_not_by_section(house: House):
    """A section in the project's file does not hide the user's same section."""
    house.project_file.write_text("planning.max_routes = 5")
    house.user_file.write_text("[planning]\nmax_routes = 7\nmax_repairs = 1")
    planning = house.load().planning
    assert (planning.max_routes, planning.max_repairs) == (5, 1)


def test_the_stronger_file_is_named_first(house: House):
    """`files` lists what was read in order of strength."""
    house.project_file.write_text("")
    house.user_file.write_text("")
    assert house.load().files == (house.project_file, house.user_file)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("12", 12), (12, 12), (None, 8)],
)
def test_a_flag_may_be_text_or_value_and_none_sets_nothing(
    house: House, given: object, expected: int
):
    """Typer hands over either; an option that was not typed is `None`."""
    assert house.load({"ai.max_concurrency": given}).ai.max_concurrency == expected


def test_flags_take_lists_paths_and_truths(house: House):
    """Values that are already typed need no text form."""
    settings = house.load(
        {
            "ai.providers": ["openai", "playbooks"],
            "planning.playbooks": (Path("mine"),),
            "tui.ascii": True,
            "monitoring.log_file": Path("a.log"),
        }
    )
    assert settings.ai.providers == ("openai", "playbooks")
    assert settings.planning.playbooks == (house.project / "mine",)
    assert settings.tui.ascii is True
    assert settings.monitoring.log_file == house.project / "a.log"


def test_a_flag_that_does_not_exist_is_an_error_with_the_nearest(house: House):
    """A typo in the command table is found at once."""
    with pytest.raises(ConfigError) as error:
        house.load({"user.nmae": "x"})
    assert "command line" in error.value.message
    assert error.value.hint == "Did you mean `user.name`?"


def test_the_conventional_variables_set_the_keys(house: House):
    """OPENAI_API_KEY works as everywhere; Stellwerk's own variable is stronger."""
    house.environ["OPENAI_API_KEY"] = "sk-conventional"
    key = house.load().ai.openai.api_key
    assert key is not None
    assert key.reveal() == "sk-conventional"
    house.environ["STELLWERK_AI_OPENAI_API_KEY"] = "sk-own"
    settings = house.load()
    key = settings.ai.openai.api_key
    assert key is not None
    assert key.reveal() == "sk-own"
    assert settings.overridden("ai.openai.api_key")[0].where == "OPENAI_API_KEY"


def test_stellwerk_db_names_a_file_or_a_url_and_beats_the_long_variable(house: House):
    """`STELLWERK_DB=plans.db` is the short way to say where the database is."""
    house.environ["STELLWERK_DATABASE_URL"] = "sqlite:///long.db"
    house.environ["STELLWERK_DB"] = "plans.db"
    assert house.load().database.url == f"sqlite:///{house.project}/plans.db"
    house.environ["STELLWERK_DB"] = "sqlite:////srv/plans.db"
    assert house.load().database.url == "sqlite:////srv/plans.db"
    house.environ["STELLWERK_DB"] = ""
    assert house.load().database.url == f"sqlite:///{house.project}/long.db"


def test_a_database_flag_may_be_a_plain_file(house: House):
    """`--db FILE` needs no URL and beats everything."""
    house.environ["STELLWERK_DB"] = "weaker.db"
    settings = house.load({"database.url": "stronger.db"})
    assert settings.database.url == f"sqlite:///{house.project}/stronger.db"


@pytest.mark.parametrize(
    ("variable", "key", "expected"),
    [
        ("STELLWERK_PLUGINS", "plugins.enabled", False),
        ("STELLWERK_AI_OFFLINE", "ai.offline", False),
        ("STELLWERK_AI_PROVIDERS", "ai.providers", ()),
        ("STELLWERK_AI_OPENAI_MODEL", "ai.openai.model", "gpt-5-mini"),
        ("STELLWERK_AI_MAX_CONCURRENCY", "ai.max_concurrency", 8),
        ("OPENAI_API_KEY", "ai.openai.api_key", None),
    ],
)
def test_an_empty_variable_is_false_or_an_empty_list_or_nothing(
    house: House, variable: str, key: str, expected: object
):
    """An empty text never becomes a value of its own."""
    house.environ[variable] = " "
    assert house.load().resolved(key).value == expected


def test_arrays_in_variables_are_separated_by_commas(house: House):
    """Spaces around the parts and empty parts do not count."""
    house.environ["STELLWERK_VALIDATION_IGNORE"] = "SW101, SW3 ,,"
    assert house.load().validation.ignore == ("SW101", "SW3")


def test_an_empty_text_in_a_file_leaves_the_setting_to_the_next_source(house: House):
    """`name = ""` is nobody's name."""
    house.project_file.write_text('user.name = ""')
    house.user_file.write_text('user.name = "Ada"')
    assert house.load().user.name == "Ada"


def test_an_empty_list_in_a_file_counts(house: House):
    """Unlike an empty text, an empty list says something."""
    house.project_file.write_text("validation.ignore = []")
    house.user_file.write_text('validation.ignore = ["SW1"]')
    assert house.load().validation.ignore == ()


def test_the_origins_are_in_order_of_strength():
    """The order of the enumeration is the documented precedence."""
    assert [origin.value for origin in Origin] == [*SOURCES, "default"]
