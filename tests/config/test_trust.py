"""What a project file may not do before somebody trusts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.config import locations
from stellwerk.config.explain import explain
from stellwerk.config.schema import SETTINGS
from stellwerk.config.trust import Trust
from stellwerk.errors import ConfigError
from tests.config.house import House

GUARDED = [
    ('ai.openai.base_url = "https://evil.example"', "ai.openai.base_url"),
    ('ai.anthropic.api_key = "sk-theirs"', "ai.anthropic.api_key"),
    ('monitoring.sentry_dsn = "https://k@evil.example/1"', "monitoring.sentry_dsn"),
    ("plugins.enabled = true", "plugins.enabled"),
    ('monitoring.log_file = "inside.log"', "monitoring.log_file"),
    ('database.url = "postgresql://u:p@evil.example/db"', "database.url"),
    ('database.url = "sqlite:////etc/x.db"', "database.url"),
    ('database.url = "sqlite:///../x.db"', "database.url"),
    ('context.standards = ["/etc/passwd"]', "context.standards"),
    ('context.standards = ["ok.md", "../../x"]', "context.standards"),
    ('planning.playbooks = ["~/books"]', "planning.playbooks"),
    ('planning.playbooks = ["a/../../b"]', "planning.playbooks"),
    ('user.name = "${OPENAI_API_KEY}"', "user.name"),
    ('planning.size = "${BROKEN"', "planning.size"),
    ('validation.ignore = ["SW1", "${HOME}"]', "validation.ignore"),
]

HARMLESS = [
    'database.url = "sqlite:///plans/x.db"',
    'context.standards = ["docs/a.md", "./b.md", "a/../c.md", "cost$$.md"]',
    'planning.playbooks = ["."]',
    'user.name = "$${HOME} $5"',
    'ai.openai.model = "other"',
    "planning.max_routes = 3",
]


@pytest.mark.parametrize(("text", "key"), GUARDED)
def test_a_guarded_value_waits_for_trust(house: House, text: str, key: str):
    """It is ignored and listed; nothing else of the file is."""
    house.environ |= {"OPENAI_API_KEY": "sk-mine"}
    house.project_file.write_text(f"planning.max_routes = 4\n{text}")
    settings = house.load()
    assert settings.untrusted == ((house.project_file, key),)
    assert settings.planning.max_routes == 4
    assert settings.resolved(key).where != str(house.project_file)
    assert explain(settings, key).untrusted == (str(house.project_file),)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_value_counts_at_once(house: House, text: str):
    """Most projects need no trust at all."""
    house.project_file.write_text(text)
    settings = house.load()
    assert settings.untrusted == ()
    assert settings.resolved(text.split(" = ", maxsplit=1)[0]).where == str(house.project_file)


@pytest.mark.parametrize(
    ("text", "key"), [case for case in GUARDED if case[1] != "planning.size"]
)
def test_the_users_own_file_needs_no_trust(house: House, text: str, key: str):
    """Whoever can write there can do anything anyway."""
    house.environ |= {"OPENAI_API_KEY": "sk-mine"}
    house.user_file.write_text(text.replace("postgresql://u:p@evil.example/", "sqlite:////"))
    settings = house.load()
    assert settings.untrusted == ()
    assert settings.resolved(key).where == str(house.user_file)


def test_a_link_that_leaves_the_project_waits_for_trust(house: House, tmp_path: Path):
    """Links are followed before the path is judged."""
    (house.project / "docs").symlink_to(tmp_path)
    house.project_file.write_text('context.standards = ["docs/secret.md"]')
    assert house.load().untrusted == ((house.project_file, "context.standards"),)


def test_a_project_that_is_itself_reached_by_a_link_is_one_project(
    house: House, tmp_path: Path
):
    """Both sides are resolved before they are compared."""
    link = tmp_path / "link"
    link.symlink_to(house.project)
    house.project_file.write_text('context.standards = ["docs/a.md"]')
    assert house.load(cwd=link).untrusted == ()


def test_trust_makes_every_value_count(house: House):
    """All of the file, including its references."""
    house.environ["TEAM_URL"] = "https://team.example/v1"
    house.project_file.write_text('ai.openai.base_url = "${TEAM_URL}"')
    house.trust()
    settings = house.load()
    assert settings.untrusted == ()
    assert settings.ai.openai.base_url == "https://team.example/v1"


def test_any_change_of_the_file_asks_again(house: House):
    """Even of a comment; what was trusted before stays trusted."""
    first = 'ai.openai.base_url = "https://team.example/v1"'
    house.project_file.write_text(first)
    house.trust()
    house.project_file.write_text(f"{first} # hello")
    assert house.load().untrusted
    house.project_file.write_text(first)
    assert not house.load().untrusted


def test_a_wrong_type_is_an_error_even_before_trust(house: House):
    """Only what could do harm waits; nonsense is reported."""
    house.project_file.write_text("context.standards = 3")
    with pytest.raises(ConfigError, match=r"context\.standards"):
        house.load()


def test_every_setting_that_could_send_secrets_away_is_guarded():
    """Addresses, keys, plugins, files that are written to, who is sent goals or URLs."""
    guarded = {setting.key for setting in SETTINGS if setting.guarded}
    by_kind = {s.key for s in SETTINGS if s.kind in {"secret", "web address", "path"}}
    sending = {"ai.embedder", "context.history", "context.similar", "validation.enable"}
    assert guarded == by_kind | {"plugins.enabled"} | sending


@pytest.fixture
def store(house: House) -> Trust:
    """Return an empty store."""
    return Trust(locations.trust_file(house.environ))


def test_the_store_knows_place_and_content(house: House, store: Trust):
    """The same content elsewhere, or another content here, is not trusted."""
    path = house.project_file
    assert not store.is_trusted(path, b"a")
    store.trust(path, b"a")
    assert store.is_trusted(path, b"a")
    assert not store.is_trusted(path, b"b")
    assert not store.is_trusted(house.home / "stellwerk2.toml", b"a")


def test_the_store_is_private_and_holds_no_content(house: House, store: Trust):
    """Digests only, for the owner only."""
    store.trust(house.project_file, b"secret content")
    file = locations.trust_file(house.environ)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"secret content" not in file.read_bytes()


def test_revoking_forgets_every_content_of_a_place(house: House, store: Trust):
    """And says whether there was anything to forget."""
    other = house.home / "other" / "stellwerk2.toml"
    for content in (b"a", b"b"):
        store.trust(house.project_file, content)
    store.trust(other, b"a")
    assert store.revoke(house.project_file)
    assert not store.is_trusted(house.project_file, b"a")
    assert not store.is_trusted(house.project_file, b"b")
    assert store.is_trusted(other, b"a")
    assert not store.revoke(house.project_file)


def test_only_the_last_contents_of_a_place_are_kept(house: House, store: Trust):
    """The store does not grow for ever."""
    for number in range(25):
        store.trust(house.project_file, str(number).encode())
    assert not store.is_trusted(house.project_file, b"4")
    assert store.is_trusted(house.project_file, b"5")
    assert store.is_trusted(house.project_file, b"24")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"trusted": []}', b'{"trusted": {"x": 1}}', b"[" * 100_000],
)
def test_a_broken_store_trusts_nothing_and_can_be_written_again(
    house: House, store: Trust, content: bytes
):
    """Trust is cheap to give again, and no command should fail over it."""
    file = locations.trust_file(house.environ)
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert not store.is_trusted(house.project_file, b"a")
    store.trust(house.project_file, b"a")
    assert store.is_trusted(house.project_file, b"a")


def test_a_store_that_others_can_write_trusts_nothing(house: House, store: Trust):
    """They could have written it."""
    store.trust(house.project_file, b"a")
    locations.trust_file(house.environ).chmod(0o622)
    assert not store.is_trusted(house.project_file, b"a")


def test_a_link_does_not_borrow_the_trust_of_its_target(house: House, store: Trust):
    """Relative paths in it start at another folder."""
    trusted = house.home / "trusted" / "stellwerk2.toml"
    trusted.parent.mkdir()
    trusted.write_text('planning.playbooks = ["../x"]')
    store.trust(trusted, trusted.read_bytes())
    house.project_file.symlink_to(trusted)
    assert house.load().untrusted
