"""API keys: where they are kept, and what keeps them secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stellwerk.config.keys import KEYRING, KeyRing
from stellwerk.config.secret import Secret
from stellwerk.config.vault import NoVault
from stellwerk.errors import ConfigError, NotFoundError
from tests.config.house import House


class FakeVault:
    """A keyring in memory that can be locked."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.locked = False

    def read(self, name: str) -> str | None:
        """Return a key unless locked."""
        return None if self.locked else self.held.get(name)

    def write(self, name: str, value: str) -> bool:
        """Store a key unless locked."""
        if not self.locked:
            self.held[name] = value
        return not self.locked

    def erase(self, name: str) -> bool:
        """Forget a key unless locked."""
        if not self.locked:
            self.held.pop(name, None)
        return not self.locked


Ring = Callable[..., KeyRing]


@pytest.fixture
def ring(house: House) -> KeyRing:
    """Return a key ring without a keyring."""
    return KeyRing(house.environ, house.home / "keys", NoVault())


@pytest.fixture
def vault() -> FakeVault:
    """Return an empty keyring."""
    return FakeVault()


@pytest.fixture
def vaulted(house: House, vault: FakeVault) -> KeyRing:
    """Return a key ring with a keyring."""
    return KeyRing(house.environ, house.home / "keys", vault)


def test_a_key_is_kept_in_a_private_file(ring: KeyRing):
    """Made with its folder; nobody else can read either."""
    assert ring.get("openai") is None
    assert ring.set("openai", " sk-1 \n") == str(ring.path())
    assert ring.get("openai") == Secret("sk-1")
    assert ring.path().stat().st_mode & 0o777 == 0o600
    assert ring.path().parent.stat().st_mode & 0o777 == 0o700
    assert ring.names() == [("openai", str(ring.path()))]
    assert ring.warnings() == ()


def test_a_key_can_be_replaced_and_removed(ring: KeyRing):
    """The others stay."""
    ring.set("openai", "sk-1")
    ring.set("my-gateway", "sk-2")
    ring.set("openai", "sk-3")
    assert ring.get("openai") == Secret("sk-3")
    ring.remove("openai")
    assert ring.get("openai") is None
    assert ring.get("my-gateway") == Secret("sk-2")


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai", "OPENAI_API_KEY"),
        ("openai", "STELLWERK_AI_OPENAI_API_KEY"),
        ("compatible", "STELLWERK_AI_COMPATIBLE_API_KEY"),
        ("my-gateway", "MY_GATEWAY_API_KEY"),
        ("my-gateway", "STELLWERK_AI_MY_GATEWAY_API_KEY"),
    ],
)
def test_the_environment_is_asked_first(house: House, ring: KeyRing, name: str, variable: str):
    """And `names` says which variable it was."""
    ring.set(name, "sk-file")
    house.environ[variable] = " sk-environment "
    assert ring.get(name) == Secret("sk-environment")
    assert ring.names() == [(name, variable)]
    house.environ[variable] = " "
    assert ring.get(name) == Secret("sk-file")


def test_a_key_in_the_environment_is_listed_without_being_stored(house: House, ring: KeyRing):
    """For the providers Stellwerk knows."""
    house.environ["ANTHROPIC_API_KEY"] = "sk"
    assert ring.names() == [("anthropic", "ANTHROPIC_API_KEY")]
    assert not ring.path().exists()


def test_a_key_goes_into_the_keyring_where_there_is_one(
    house: House, vault: FakeVault, vaulted: KeyRing
):
    """The file then holds only its name."""
    KeyRing(house.environ, house.home / "keys", NoVault()).set("openai", "sk-old")
    assert vaulted.set("openai", "sk-1") == KEYRING
    assert vault.held == {"openai": "sk-1"}
    assert "sk-" not in vaulted.path().read_text()
    assert vaulted.get("openai") == Secret("sk-1")
    assert vaulted.names() == [("openai", KEYRING)]
    vaulted.remove("openai")
    assert vault.held == {}
    assert vaulted.names() == []


def test_a_key_put_into_the_keyring_by_hand_is_found(vault: FakeVault, vaulted: KeyRing):
    """And can be removed."""
    vault.held["openai"] = "sk-hand"
    assert vaulted.get("openai") == Secret("sk-hand")
    vaulted.remove("openai")
    assert vaulted.get("openai") is None


def test_a_locked_keyring_sends_a_new_key_to_the_file(vault: FakeVault, vaulted: KeyRing):
    """The newer key counts, also when the keyring opens again."""
    vaulted.set("openai", "sk-old")
    vault.locked = True
    assert vaulted.set("openai", "sk-new") == str(vaulted.path())
    assert vaulted.get("openai") == Secret("sk-new")
    vault.locked = False
    assert vaulted.get("openai") == Secret("sk-new")


def test_a_key_that_the_keyring_hides_is_a_warning(vault: FakeVault, vaulted: KeyRing):
    """Without it, planning offline would look like a choice."""
    vaulted.set("openai", "sk-old")
    vault.locked = True
    assert vaulted.get("openai") is None
    assert vaulted.warnings() == ("The key for openai cannot be read from the keyring now.",)
    with pytest.raises(ConfigError, match="does not let go"):
        vaulted.remove("openai")
    assert vaulted.names() == [("openai", KEYRING)]


def test_a_key_file_that_others_can_read_is_a_warning(ring: KeyRing):
    """It is still used, and the next change closes it."""
    ring.set("openai", "sk-1")
    ring.path().chmod(0o644)
    (warning,) = ring.warnings()
    assert "chmod 600" in warning
    assert "sk-1" not in warning
    assert ring.get("openai") == Secret("sk-1")
    ring.set("other", "sk-2")
    assert ring.warnings() == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'"keys"',
        b"\xff",
        b"{}",
        b'{"keys": [], "keyring": []}',
        b'{"keys": {"openai": ["sk-1"]}, "keyring": []}',
        b'{"keys": {}, "keyring": [1]}',
        b'{"keys": {}, "keyring": 1}',
        b"[" * 100_000,
        b"x" * 300_000,
    ],
)
def test_a_broken_key_file_is_one_clear_error(ring: KeyRing, content: bytes):
    """It is not overwritten: somebody may rescue a key from it."""
    ring.path().parent.mkdir()
    ring.path().write_bytes(content)
    calls: list[Callable[[], object]] = [
        lambda: ring.get("openai"),
        lambda: ring.set("openai", "sk-2"),
        lambda: ring.remove("openai"),
        ring.names,
        ring.warnings,
    ]
    for call in calls:
        with pytest.raises(ConfigError) as error:
            call()
        assert str(ring.path()) in error.value.message
        assert "sk-" not in error.value.message
    assert ring.path().read_bytes() == content


@pytest.mark.parametrize("value", ["", "  ", "two words", "sk-ünicode", "a\nb", "x" * 9000])
def test_what_cannot_be_a_key_is_refused_and_not_shown(ring: KeyRing, value: str):
    """Mostly a bad copy."""
    with pytest.raises(ConfigError) as error:
        ring.set("openai", value)
    assert error.value.message.startswith("That cannot be the key for openai")
    assert not value.strip() or value not in error.value.message
    assert not ring.path().exists()


@pytest.mark.parametrize("name", ["", "OpenAI", "sk-" + "x" * 60, "../x", "a b", "-a"])
def test_a_name_that_is_none_is_refused_and_not_shown(ring: KeyRing, name: str):
    """It may be the key itself, typed in the wrong place."""
    for call in (ring.get, ring.remove, lambda name: ring.set(name, "sk")):
        with pytest.raises(ConfigError, match="lower-case letters") as error:
            call(name)
        assert not name or name not in error.value.message


def test_a_key_that_is_not_stored_cannot_be_removed(house: House, ring: KeyRing):
    """One in the environment is not ours to remove."""
    with pytest.raises(NotFoundError) as error:
        ring.remove("openai")
    assert error.value.hint == ""
    house.environ["OPENAI_API_KEY"] = "sk-1"
    with pytest.raises(NotFoundError) as error:
        ring.remove("openai")
    assert error.value.hint == "It comes from OPENAI_API_KEY: unset that."


def test_no_key_is_in_the_name_of_a_file(ring: KeyRing):
    """Nor is anything left behind beside the file."""
    ring.set("openai", "sk-1")
    assert [path.name for path in ring.path().parent.iterdir()] == ["keys.json"]
    assert json.loads(ring.path().read_text())["version"] == 1


def test_without_the_keyring_package_the_file_is_used(house: House):
    """The package is optional; nothing asks for it."""
    ring = KeyRing(house.environ, house.home)
    assert ring.set("openai", "sk-1") in {str(house.home / "keys.json"), KEYRING}
    ring.remove("openai")
    assert Path(house.home / "keys.json").exists()
