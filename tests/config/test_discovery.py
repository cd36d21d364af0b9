"""Where the project file is looked for, and what relative paths start from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stellwerk.config.discovery import load, project_file
from stellwerk.errors import ConfigError
from tests.config.house import House


def test_the_project_file_is_found_from_below(house: House):
    """Any folder of the project will do."""
    house.project_file.write_text("planning.max_routes = 3")
    deep = house.project / "a" / "b"
    deep.mkdir(parents=True)
    assert house.load(cwd=deep).planning.max_routes == 3


def test_the_search_stops_at_the_first_file(house: House):
    """An outer project's settings do not leak into an inner one."""
    (house.project.parent / "stellwerk2.toml").write_text("planning.max_repairs = 9")
    house.project_file.write_text("")
    assert house.load().planning.max_repairs == 2


def test_a_file_in_the_home_folder_is_no_project_file(house: House):
    """Neither from home itself nor from below; nor is anything above home."""
    for folder in (house.home, house.home.parent):
        (folder / "stellwerk2.toml").write_text("planning.max_repairs = 9")
    assert house.load().files == ()
    assert house.load(cwd=house.home).files == ()


def test_home_is_recognised_through_a_symbolic_link(house: House, tmp_path: Path):
    """HOME may be a link while the working directory is resolved."""
    link = tmp_path / "link"
    link.symlink_to(house.home)
    (house.home / "stellwerk2.toml").write_text("planning.max_repairs = 9")
    assert project_file(house.home, house.environ | {"HOME": str(link)}) is None


def test_outside_home_the_search_goes_up_to_the_root(house: House, tmp_path: Path):
    """Projects in /srv are projects too."""
    folder = tmp_path / "srv" / "app"
    folder.mkdir(parents=True)
    assert house.load(cwd=folder).files == ()
    (tmp_path / "srv" / "stellwerk2.toml").write_text("tui.ascii = true")
    assert house.load(cwd=folder).tui.ascii is True


def test_the_users_own_file_is_no_project_file(house: House):
    """Not in its folder, and not where a link in a dotfiles repository leads to it."""
    house.user_file.write_text('ai.openai.base_url = "https://mine.example/v1"')
    assert house.load(cwd=house.user_file.parent).untrusted == ()
    house.project_file.symlink_to(house.user_file)
    settings = house.load()
    assert settings.untrusted == ()
    assert settings.ai.openai.base_url == "https://mine.example/v1"


def test_a_relative_working_directory_is_resolved(house: House):
    """`Path('.')` means where the process is."""
    relative = Path(os.path.relpath(house.project))
    house.project_file.write_text('context.standards = ["s.md"]')
    (standard,) = load(relative, house.environ).context.standards
    assert standard.is_absolute()
    assert standard.name == "s.md"


def test_relative_paths_in_a_file_start_at_the_file(house: House):
    """Wherever the command is run."""
    house.user_file.write_text('[database]\nurl = "sqlite:///mine.db"')
    house.project_file.write_text('context.standards = ["docs/a.md", "b.md"]')
    below = house.project / "docs"
    below.mkdir()
    settings = house.load(cwd=below)
    assert settings.context.standards == (house.project / "docs/a.md", house.project / "b.md")
    assert settings.database.url == f"sqlite:///{house.user_file.parent}/mine.db"


def test_a_tilde_is_the_home_folder_of_the_environment(house: House):
    """In paths and in the database's address."""
    house.user_file.write_text(
        'database.url = "sqlite:///~/plans.db"\n'
        'planning.playbooks = ["~", "~/books", "~other/books"]\n'
        'monitoring.log_file = "/var/log/s.log"'
    )
    settings = house.load()
    assert settings.database.url == f"sqlite:///{house.home}/plans.db"
    assert settings.planning.playbooks == (
        house.home,
        house.home / "books",
        house.user_file.parent / "~other/books",
    )
    assert settings.monitoring.log_file == Path("/var/log/s.log")


def test_paths_in_variables_start_at_the_working_directory(house: House):
    """As for every other command."""
    house.environ["STELLWERK_CONTEXT_STANDARDS"] = "a.md,../b.md"
    assert house.load().context.standards == (
        house.project / "a.md",
        house.project / "../b.md",
    )


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ("ai.opneai.model = 'x'", "ai.opneai", "ai.openai"),
        ("[ai.openai]\nmodle = 'x'", "ai.openai.modle", "ai.openai.model"),
        ("max_routes = 3", "max_routes", "planning.max_routes"),
        ("[planing]\nsize = 'small'", "planing", "planning"),
        ("[ai.ollama]\napi_key = 'x'", "ai.ollama.api_key", "ai.litellm.api_key"),
    ],
)
def test_an_unknown_key_is_refused_with_file_key_and_nearest(
    house: House, text: str, key: str, near: str
):
    """A typo never sets nothing in silence."""
    house.project_file.write_text(text)
    with pytest.raises(ConfigError) as error:
        house.load()
    assert error.value.message == f"{house.project_file}: There is no setting `{key}`."
    assert error.value.hint == f"Did you mean `{near}`?"


def test_an_unknown_key_like_nothing_known_points_to_the_list(house: House):
    """A wrong guess would be worse than none."""
    house.project_file.write_text("[redis]\nurl = 1")
    with pytest.raises(ConfigError, match="no setting `redis`") as error:
        house.load()
    assert error.value.hint == "`stellwerk config` lists every setting."


def test_a_quoted_key_with_a_dot_is_not_a_section(house: House):
    """`"ai.openai"` in quotes is one odd name, and is shown as such."""
    house.project_file.write_text('["ai.openai"]\nmodel = "x"')
    with pytest.raises(ConfigError, match=r'no setting `"ai.openai"`'):
        house.load()


@pytest.mark.parametrize("text", ["ai = 3", "[[ai]]\noffline = true", "ai.openai = 'x'"])
def test_a_section_with_a_value_of_its_own_is_refused(house: House, text: str):
    """The message shows how to write the section."""
    house.project_file.write_text(text)
    with pytest.raises(ConfigError, match="is a section") as error:
        house.load()
    assert error.value.hint.startswith("Write `[ai")


def test_settings_cannot_be_changed(house: House):
    """Settings are values; who wants others loads them."""
    settings = house.load()
    with pytest.raises(AttributeError, match="read-only"):
        settings.ai.max_concurrency = 3
    with pytest.raises(AttributeError, match="read-only"):
        settings.files = ()
    with pytest.raises(AttributeError, match="read-only"):
        del settings.ai.openai.model


def test_the_repr_of_settings_names_files_and_sections_only(house: House):
    """No value can slip into a log that way."""
    assert repr(house.load()) == "<settings from no file>"
    house.user_file.write_text('user.name = "Ada"')
    settings = house.load()
    assert repr(settings) == f"<settings from {house.user_file}>"
    assert repr(settings.ai.openai) == "<settings of [ai.openai]>"
    assert "Ada" not in repr(settings.resolved("user.name"))
