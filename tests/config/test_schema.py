"""The table of settings, and everything that is made from it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest

from stellwerk.config import settings as sections
from stellwerk.config.sample import sample_toml
from stellwerk.config.schema import BY_KEY, SECTIONS, SETTINGS, nearest
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind, Setting
from stellwerk.domain.limits import SIZES
from tests.config.house import House

SAMPLE = Path(__file__).parents[2] / "stellwerk2.toml"
TYPES: dict[Kind, object] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.FLAG: bool,
    Kind.PATH: Path,
    Kind.LIST: tuple[str, ...],
    Kind.PATHS: tuple[Path, ...],
    Kind.SECRET: Secret,
    Kind.URL: str,
    Kind.DATABASE: str,
}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_explained_in_one_or_two_sentences(setting: Setting):
    """The reference page prints them as they are."""
    assert re.fullmatch(r"[A-Z].*\.", setting.doc)
    assert 1 <= len(re.findall(r"[a-z0-9`).]\.(?: |$)", setting.doc)) <= 2
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+", setting.key)


def test_keys_and_variables_are_unique():
    """No variable sets two settings."""
    variables = [variable for setting in SETTINGS for variable in setting.variables]
    assert len(variables) == len(set(variables))
    assert len(BY_KEY) == len(SETTINGS)
    assert not SECTIONS & BY_KEY.keys()


def test_numbers_have_limits_and_settings_without_a_default_an_example():
    """So that every setting can be shown and checked."""
    for setting in SETTINGS:
        limited = setting.minimum is not None and setting.maximum is not None
        assert limited == (setting.kind in {Kind.INTEGER, Kind.NUMBER}), setting.key
        if setting.default in (None, ()):
            assert setting.example, setting.key


def test_the_typed_sections_name_each_setting_with_its_type(house: House):
    """What the type checker believes is what the table says."""
    settings = house.load()
    for setting in SETTINGS:
        section: object = settings
        for name in setting.section.split("."):
            section = getattr(section, name)
        expected = TYPES[setting.kind]
        optional = setting.default is None
        hint = get_type_hints(type(section))[setting.name]
        assert hint == (expected | None if optional else expected)  # type: ignore[operator]
        assert getattr(section, setting.name) == setting.default


def test_the_typed_sections_name_nothing_else():
    """A field without a setting would be an AttributeError one day."""
    kinds = [kind for kind in vars(sections).values() if isinstance(kind, type)]
    found = [kind for kind in kinds if issubclass(kind, sections.Section)]
    hints = [hint for kind in found for hint in get_type_hints(kind).values()]
    nested = sum(
        isinstance(hint, type) and issubclass(hint, sections.Section) for hint in hints
    )
    assert len(hints) - nested == len(SETTINGS)


def test_the_limits_of_a_plan_are_those_of_the_largest_size():
    """One number, wherever it is read."""
    largest = SIZES["detailed"]
    assert BY_KEY["planning.max_routes"].default == largest.routes[1]
    assert BY_KEY["planning.max_tasks_per_route"].default == largest.tasks_per_route
    packages = BY_KEY["planning.max_work_packages_per_task"].default
    assert packages == largest.packages_per_task
    assert BY_KEY["planning.size"].choices == ("auto", *SIZES)


def test_the_sample_file_is_made_from_the_table():
    """Run `python -c "..."` with `sample_toml` after changing the table."""
    assert SAMPLE.read_text(encoding="utf-8") == sample_toml()


def test_the_sample_sets_nothing(house: House):
    """Every setting of it is a comment."""
    house.project_file.write_text(sample_toml())
    settings = house.load()
    assert all(settings.resolved(s.key).origin == "default" for s in SETTINGS)
    assert settings.untrusted == ()


def test_the_sample_sets_every_setting_once_its_marks_are_removed(house: House):
    """Each example fits, and each default is the default."""
    text = re.sub(r"(?m)^#(?=[a-z_]+ = )", "", sample_toml())
    keys = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "MY_SERVER_KEY", "LITELLM_API_KEY")
    keys += ("STELLWERK_SENTRY_DSN",)
    house.user_file.write_text(text)
    house.environ |= dict.fromkeys(keys, "sk")
    settings = house.load()
    for setting in SETTINGS:
        chain = (settings.resolved(setting.key), *settings.overridden(setting.key))
        assert str(house.user_file) in [resolved.where for resolved in chain], setting.key
        if not setting.example:
            assert chain[0].value == setting.default


def test_the_sample_is_readable_in_a_terminal():
    """No line is longer than a narrow window."""
    assert max(map(len, sample_toml().splitlines())) <= 95
    assert set(tomllib.loads(sample_toml())) <= SECTIONS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ai.openai.modle", "ai.openai.model"), ("ascii", "tui.ascii"), ("qqq", ""), ("", "")],
)
def test_the_nearest_key_is_found(typed: str, meant: str):
    """By its name alone, or by spelling."""
    assert nearest(typed) == meant
