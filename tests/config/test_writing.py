"""Setting and unsetting values in files."""

from __future__ import annotations

import multiprocessing
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stellwerk.config.schema import SETTINGS
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind, Setting
from stellwerk.config.values import Place, from_text
from stellwerk.config.writing import set_value, unset_value
from stellwerk.errors import ConfigError
from tests.config.house import House

WORDS = st.text(min_size=1, max_size=30).filter(lambda text: "${" not in text)
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
NAMES = st.from_regex(r"[A-Za-z0-9 $äß_-]{1,8}(/[a-z$.]{1,5})?", fullmatch=True).filter(
    str.strip
)


def texts(setting: Setting) -> st.SearchStrategy[str]:
    """Return texts that fit a setting, mostly."""
    if setting.choices:
        return st.sampled_from(setting.choices)
    if setting.pattern:
        return st.from_regex(setting.pattern, fullmatch=True)
    low, high = setting.minimum or 0, setting.maximum or 0
    return {
        Kind.TEXT: WORDS,
        Kind.INTEGER: st.integers(int(low), int(high)).map(str),
        Kind.NUMBER: st.floats(low, high).map(repr),
        Kind.FLAG: st.sampled_from(["true", "no", "ON", "0"]),
        Kind.PATH: NAMES,
        Kind.LIST: st.lists(WORDS, max_size=3).map(",".join),
        Kind.PATHS: st.lists(NAMES, max_size=3).map(",".join),
        Kind.SECRET: VISIBLE.filter(lambda text: "${" not in text),
        Kind.URL: VISIBLE.filter(lambda text: "${" not in text).map("http://h/{}".format),
        Kind.DATABASE: NAMES.map("sqlite:///{}".format),
    }[setting.kind]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_what_is_set_is_loaded_again(setting: Setting):
    """For every setting, and whatever else the file holds."""

    @settings(deadline=None, max_examples=30)
    @given(texts(setting))
    def holds(text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            house = House(Path(folder).resolve())
            house.user_file.write_text("planning.max_repairs = 5\nuser.email = 'a@b'")
            place = Place("", house.user_file.parent, house.home)
            meant = from_text(setting, text, place)
            if meant is None:
                with pytest.raises(ConfigError, match="cannot be set to nothing"):
                    set_value(house.user_file, setting.key, text, private=True)
                return
            set_value(house.user_file, setting.key, text, private=True)
            loaded = house.load()
            assert loaded.resolved(setting.key).value == meant
            assert loaded.resolved(setting.key).where == str(house.user_file)
            if setting.key not in {"planning.max_repairs", "user.email"}:
                assert loaded.planning.max_repairs == 5
                assert loaded.user.email == "a@b"

    holds()


def test_a_missing_file_is_made_with_its_folder(house: House):
    """The user's own for its owner alone."""
    path = house.home / "new" / "deep" / "stellwerk2.toml"
    set_value(path, "user.name", "Ada", private=True)
    assert tomllib.loads(path.read_text()) == {"user": {"name": "Ada"}}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_users_file_becomes_private_and_a_projects_file_keeps_its_permissions(house: House):
    """A project's file belongs to its repository."""
    for path in (house.user_file, house.project_file):
        path.write_text("")
        path.chmod(0o664)
    set_value(house.user_file, "tui.ascii", "yes", private=True)
    set_value(house.project_file, "tui.ascii", "yes")
    assert house.user_file.stat().st_mode & 0o777 == 0o600
    assert house.project_file.stat().st_mode & 0o777 == 0o664


def test_a_text_with_a_reference_is_kept_as_one(house: House):
    """Also for kinds that are no text."""
    house.environ |= {"WHO": "Ada", "N": "3", "A": "SW1", "B": "SW2"}
    set_value(house.user_file, "user.name", "${WHO} $$", private=True)
    set_value(house.user_file, "ai.max_concurrency", "${N}", private=True)
    set_value(house.user_file, "validation.ignore", "${A}, ${B}", private=True)
    loaded = house.load()
    assert loaded.user.name == "Ada $"
    assert loaded.ai.max_concurrency == 3
    assert loaded.validation.ignore == ("SW1", "SW2")


def test_a_broken_reference_is_not_written(house: House):
    """It would stop every later command."""
    with pytest.raises(ConfigError, match="without a name"):
        set_value(house.user_file, "user.name", "${WHO} ${", private=True)
    assert not house.user_file.exists()


def test_a_secret_is_refused_for_a_project_file(house: House):
    """It would be committed; a reference may stand there."""
    with pytest.raises(ConfigError) as error:
        set_value(house.project_file, "ai.openai.api_key", "sk-hidden")
    assert "sk-hidden" not in str(error.value) + error.value.hint
    assert "`stellwerk keys set`" in error.value.hint
    assert not house.project_file.exists()
    set_value(house.project_file, "ai.openai.api_key", "${TEAM_KEY}")
    assert "${TEAM_KEY}" in house.project_file.read_text()


def test_a_secret_may_stand_in_the_users_own_file(house: House):
    """Where only its owner can read it."""
    set_value(house.user_file, "ai.openai.api_key", "sk-$hidden", private=True)
    assert house.load().ai.openai.api_key == Secret("sk-$hidden")


@pytest.mark.parametrize(
    ("key", "text", "match"),
    [
        ("ai.max_concurrency", "many", "a whole number from 1 to 256"),
        ("user.nmae", "Ada", "no setting `user.nmae`"),
        ("user", "Ada", "is a section"),
        ("user.name", "  ", "cannot be set to nothing"),
        ("database.url", "plans.db", "sqlite:///FILE"),
    ],
)
def test_what_does_not_fit_is_not_written(house: House, key: str, text: str, match: str):
    """The file stays as it was."""
    house.user_file.write_text("# mine\n")
    with pytest.raises(ConfigError, match=match):
        set_value(house.user_file, key, text, private=True)
    assert house.user_file.read_text() == "# mine\n"


def test_an_empty_text_sets_an_empty_list(house: House):
    """The only way to say "none of them"."""
    set_value(house.user_file, "ai.providers", "", private=True)
    assert house.load().ai.providers == ()


def test_comments_are_kept_in_a_copy_once(house: House):
    """The copy is made before the first rewrite and never overwritten."""
    house.user_file.write_text("# precious\nuser.name = 'Ada'\n")
    copy = house.user_file.with_name("stellwerk2.toml.bak")
    set_value(house.user_file, "user.email", "a@b", private=True)
    assert copy.read_text() == "# precious\nuser.name = 'Ada'\n"
    assert copy.stat().st_mode & 0o777 == 0o600
    house.user_file.write_text("# another\n")
    set_value(house.user_file, "user.email", "a@b", private=True)
    assert "precious" in copy.read_text()


def test_a_copy_of_a_projects_file_has_its_permissions(house: House):
    """It is as public as the file, and no more."""
    house.project_file.write_text("# precious\n")
    house.project_file.chmod(0o640)
    set_value(house.project_file, "tui.ascii", "yes")
    copy = house.project_file.with_name("stellwerk2.toml.bak")
    assert copy.stat().st_mode & 0o777 == 0o640


def test_without_comments_there_is_no_copy(house: House):
    """Nothing is lost, so nothing is kept."""
    house.user_file.write_text("user.name = 'Ada'\n")
    set_value(house.user_file, "user.email", "a@b", private=True)
    assert [path.name for path in house.user_file.parent.iterdir()] == ["stellwerk2.toml"]


def test_a_link_stays_and_its_target_changes(house: House):
    """Dotfiles live elsewhere; the copy is made beside them."""
    target = house.home / "dotfiles" / "stellwerk.toml"
    target.parent.mkdir()
    target.write_text("# mine\n")
    house.user_file.symlink_to(target)
    set_value(house.user_file, "user.name", "Ada", private=True)
    assert house.user_file.is_symlink()
    assert tomllib.loads(target.read_text()) == {"user": {"name": "Ada"}}
    assert target.with_name("stellwerk.toml.bak").exists()


def test_unknown_keys_and_other_types_survive(house: House):
    """A newer Stellwerk may know them."""
    house.user_file.write_text("[server]\nsince = 2020-01-01\nports = [1, {a = 2}]\n")
    set_value(house.user_file, "user.name", "Ada", private=True)
    table = tomllib.loads(house.user_file.read_text())
    assert table["server"]["ports"] == [1, {"a": 2}]
    assert str(table["server"]["since"]) == "2020-01-01"


def test_a_value_where_a_section_should_be_is_refused(house: House):
    """It is not overwritten."""
    house.user_file.write_text("ai = 3\n")
    with pytest.raises(ConfigError, match="`ai` is no section there"):
        set_value(house.user_file, "ai.openai.model", "x", private=True)
    assert house.user_file.read_text() == "ai = 3\n"


def test_a_file_nested_too_deeply_is_left_alone(house: House):
    """It can be read, but not written."""
    house.user_file.write_text("x = " + "[" * 310 + "]" * 310)
    before = house.user_file.read_text()
    with pytest.raises(ConfigError, match="nested too deeply"):
        set_value(house.user_file, "user.name", "Ada", private=True)
    assert house.user_file.read_text() == before


def test_a_file_that_cannot_be_written_is_one_clear_error(house: House):
    """A folder that is a file, for one."""
    house.project_file.write_text("")
    with pytest.raises(ConfigError, match=r"cannot be (read|written): Not a directory"):
        set_value(house.project_file / "stellwerk2.toml", "user.name", "Ada")


def test_a_failed_write_leaves_no_rest_behind(house: House):
    """Neither a half file nor a temporary one."""
    from stellwerk.config.files import replace

    house.project_file.mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        replace(house.project_file, b"x")
    assert list(house.project.iterdir()) == [house.project_file]


def test_unsetting_removes_the_setting_and_an_empty_section(house: House):
    """And says whether there was anything."""
    house.user_file.write_text("user.name = 'Ada'\nai.openai.model = 'x'\nai.offline = true")
    assert unset_value(house.user_file, "user.name", private=True)
    assert unset_value(house.user_file, "ai.openai.model", private=True)
    assert not unset_value(house.user_file, "ai.openai.model", private=True)
    assert tomllib.loads(house.user_file.read_text()) == {"ai": {"offline": True}}
    assert house.user_file.stat().st_mode & 0o777 == 0o600


def test_a_misspelled_setting_can_be_unset(house: House):
    """Otherwise only an editor could mend the file."""
    house.user_file.write_text("user.nmae = 'Ada'\nuser.name = 'Ada'")
    assert unset_value(house.user_file, "user.nmae")
    assert house.load().user.name == "Ada"


def test_unsetting_nothing_known_is_an_error(house: House):
    """A whole section is not removed by mistake either."""
    house.user_file.write_text("user.name = 'Ada'")
    with pytest.raises(ConfigError, match=r"no setting `user\.nmae`"):
        unset_value(house.user_file, "user.nmae")
    with pytest.raises(ConfigError, match="is a section"):
        unset_value(house.user_file, "user")
    assert not unset_value(house.project_file, "user.name")
    assert not house.project_file.exists()


def _set(path: str, key: str) -> None:
    set_value(Path(path), key, "7", private=True)


def test_several_processes_lose_no_setting(house: House):
    """Each reads and rewrites the file alone."""
    keys = [s.key for s in SETTINGS if s.kind is Kind.INTEGER and (s.minimum or 0) <= 7]
    keys = [key for key in keys if key != "ai.ollama.num_ctx"]
    context = multiprocessing.get_context("spawn")
    pool = context.Pool(len(keys))
    pool.starmap(_set, [(str(house.user_file), key) for key in keys])
    pool.close()
    pool.join()
    loaded = house.load()
    assert {loaded.resolved(key).where for key in keys} == {str(house.user_file)}
