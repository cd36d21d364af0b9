"""Who is asked: those with a key, a server that listens, and a playbook in the end."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stellwerk.config.discovery import load
from stellwerk.config.keys import KeyRing
from stellwerk.config.locations import config_folder
from stellwerk.config.vault import NoVault
from stellwerk.errors import ProviderError
from stellwerk.planning.models import ModelRequest, ProviderOptions, WireModel
from stellwerk.plugins.choosing import Providers
from stellwerk.plugins.discovery import Plugins

DEAD = "http://127.0.0.1:9"
REQUEST = ModelRequest("tasks", "r1", {}, {}, "tasks@1", list)


def providers(home: Path, flags: Mapping[str, object] = {}, **environ: str) -> Providers:
    """Return the providers of somebody with these settings and variables."""
    given = {"HOME": str(home), **environ}
    told = {"ai.ollama.base_url": DEAD, **flags}
    settings = load(home, given, told)
    return Providers(Plugins(), settings, KeyRing(given, config_folder(given), NoVault()))


def names(found: Providers, *asked: str, offline: bool = True) -> list[str]:
    """Return who is asked, the playbook in brackets."""
    choice = found.choose(asked, offline=offline)
    playbook = [f"({choice.playbook.name})"] if choice.playbook else []
    return [*(model.name for model in choice.models), *playbook]


@pytest.fixture
def server() -> Iterator[str]:
    """Return the address of something that listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


def test_without_keys_and_servers_a_playbook_plans(tmp_path: Path):
    """Nobody has to configure anything."""
    assert names(providers(tmp_path)) == ["(playbooks)"]


def test_a_key_is_enough(tmp_path: Path):
    """In the order in which they stand, the playbook last."""
    both = {"OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2"}
    assert names(providers(tmp_path, **both)) == ["openai", "anthropic", "(playbooks)"]
    assert names(providers(tmp_path, ANTHROPIC_API_KEY="sk-2"), offline=False) == ["anthropic"]


def test_a_server_that_listens_is_asked_too(tmp_path: Path, server: str):
    """Ollama, and whatever speaks OpenAI's protocol."""
    flags = {"ai.ollama.base_url": server, "ai.compatible.base_url": server}
    found = names(providers(tmp_path, flags))
    assert found == ["openai-compatible", "ollama", "(playbooks)"]


def test_the_settings_say_who_is_asked_in_which_order(tmp_path: Path):
    """`auto` stands for the others."""
    keys = {"OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2"}
    flags = {"ai.providers": "anthropic,auto"}
    found = names(providers(tmp_path, flags, **keys))
    assert found == ["anthropic", "openai", "(playbooks)"]


def test_who_is_named_on_the_command_line_plans_alone(tmp_path: Path):
    """A playbook does not step in for a model that was asked for by name."""
    found = providers(tmp_path, OPENAI_API_KEY="sk-1")
    assert names(found, "openai") == ["openai"]
    assert names(found, "playbooks") == ["(playbooks)"]


@pytest.mark.parametrize(
    ("name", "told", "hint"),
    [
        ("openai", "openai: It has no key", "stellwerk keys set openai"),
        ("anthropic", "anthropic: It has no key", "ANTHROPIC_API_KEY"),
        ("ollama", f"Nothing answers at {DEAD}", "Start the server"),
        ("openai-compatible", "It has no address", "ai.compatible.base_url"),
        ("nobody", "no plugin 'nobody'", ""),
    ],
)
def test_who_cannot_be_asked_says_why(tmp_path: Path, name: str, told: str, hint: str):
    """And what to do about it."""
    with pytest.raises(ProviderError, match=told) as caught:
        providers(tmp_path).choose((name,))
    assert hint in caught.value.hint


def test_without_models_and_playbooks_nobody_plans(tmp_path: Path):
    """`--no-offline` means it."""
    with pytest.raises(ProviderError, match="No provider is configured"):
        providers(tmp_path).choose(offline=False)


def test_where_a_key_comes_from_is_told_and_the_key_is_not(tmp_path: Path):
    """From the environment, or from the file of keys."""
    found = providers(tmp_path, OPENAI_API_KEY="sk-very-secret")
    assert "OPENAI_API_KEY" in found.standing("openai").key
    found.keys.set("anthropic", "sk-also-secret")
    assert found.standing("anthropic").key.endswith("keys.json")
    assert "secret" not in repr(found.standings())


def test_a_model_named_on_the_command_line_is_asked_for_everything(tmp_path: Path):
    """Instead of both configured ones."""
    found = providers(tmp_path, OPENAI_API_KEY="sk-1")
    (model,) = found.choose(("openai",), model="gpt-9").models
    assert isinstance(model, WireModel)
    assert model.target(REQUEST).model == "gpt-9"


def test_an_address_is_shown_without_its_password(tmp_path: Path):
    """It is no place for one, but people do it."""
    flags = {"ai.compatible.base_url": "http://me:hunter2@127.0.0.1:9/v1"}
    assert "hunter2" not in repr(providers(tmp_path, flags).standing("openai-compatible"))


class Broken(Plugins):
    """Plugins of which none can be built."""

    def load(self, kind: str, name: str) -> Any:
        """Return what builds nothing."""

        def factory(options: ProviderOptions) -> None:
            raise RuntimeError(f"Boom: {min(options.settings)}")

        return factory


def test_a_provider_that_cannot_be_built_is_told_in_a_sentence(tmp_path: Path):
    """Anybody may have made it."""
    found = replace(providers(tmp_path, OPENAI_API_KEY="sk-1"), plugins=Broken())
    with pytest.raises(ProviderError, match="openai broke down: RuntimeError: Boom"):
        found.choose(("openai",))
