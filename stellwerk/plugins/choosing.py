"""Who is asked: which of the installed providers can be, in which order, and why others cannot."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from stellwerk.config.keys import KeyRing
from stellwerk.config.schema import SETTINGS
from stellwerk.config.settings import Settings
from stellwerk.domain.goal import SourceKind
from stellwerk.errors import NotFoundError, PluginError, ProviderError, StellwerkError
from stellwerk.planning.models import LanguageModel, ProviderOptions
from stellwerk.plugins.discovery import OWN, Plugin, Plugins, State
from stellwerk.providers.addresses import without_credentials

AUTO: Final = "auto"
_SECTIONS: Final = {"openai-compatible": "compatible"}
_KEYED: Final = ("openai", "anthropic", "litellm")
_LOCAL: Final = ("openai-compatible", "ollama")
_PLAYBOOKS: Final = "playbooks"
_KNOCK_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a provider.

    Attributes:
        name: Its name.
        usable: Whether it can be asked.
        reason: Why not, in a sentence.
        hint: What to do about it.
        model: The model it asks; empty if the server decides.
        base_url: Where it is reached.
        key: Where its key comes from; empty if it has none.
        plugin: What is installed under its name; None if nothing is known of that.
    """

    name: str
    usable: bool
    reason: str = ""
    hint: str = ""
    model: str = ""
    base_url: str = ""
    key: str = ""
    plugin: Plugin | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who plans.

    Attributes:
        models: Language models in the order in which they are asked.
        playbook: Who plans when none of them can; None if that is not allowed.
        passed_over: Those that were named but cannot be asked.
    """

    models: tuple[LanguageModel, ...]
    playbook: LanguageModel | None
    passed_over: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Providers:
    """The installed providers, seen with the settings.

    Attributes:
        plugins: What is installed.
        settings: What was configured.
        keys: The API keys.
    """

    plugins: Plugins
    settings: Settings
    keys: KeyRing

    def standings(self) -> list[Standing]:
        """Return every installed provider, in the order in which `auto` asks them."""
        report = self.plugins.report("providers", load=True)
        known = [*_KEYED, *_LOCAL, _PLAYBOOKS]
        ranks = {name: number for number, name in enumerate(known)}
        report.sort(key=lambda each: (each.name == _PLAYBOOKS, ranks.get(each.name, 99)))
        return [
            replace(self.standing(each.name), plugin=each)
            if each.state is State.READY
            else Standing(each.name, usable=False, reason=each.reason, plugin=each)
            for each in report
        ]

    def standing(self, name: str) -> Standing:
        """Return how it stands with one provider; a local one is knocked at."""
        section = self._section(name)
        told = {
            "model": str(section.get("model") or ""),
            "base_url": without_credentials(str(section.get("base_url") or "")),
            "key": self.key_source(name),
        }
        reason, hint = self._missing(name, section, told["key"])
        usable = not reason
        return Standing(
            name, usable, reason, hint, told["model"], told["base_url"], told["key"]
        )

    def key_source(self, name: str) -> str:
        """Return where the key of a provider comes from, or nothing."""
        section = _SECTIONS.get(name, name)
        if self._section(name).get("api_key"):
            found = self.settings.resolved(f"ai.{section}.api_key")
            return str(found.where or found.origin)
        return dict(self.keys.names()).get(section, "")

    def asked(self, standings: Sequence[Standing]) -> list[str]:
        """Return the names of those that are asked as things stand, a playbook in the end."""
        usable = {each.name for each in standings if each.usable}
        models = [name for name in self.order() if name in usable - {_PLAYBOOKS}]
        return models + ([_PLAYBOOKS] if self.settings.ai.offline else [])

    def choose(
        self,
        names: Sequence[str] = (),
        *,
        model: str | None = None,
        offline: bool = True,
    ) -> Choice:
        """Return who plans.

        Args:
            names: Only these; else those of `[ai] providers`, and a playbook in the end.
            model: The model to ask, instead of the configured one.
            offline: Whether playbooks may plan when nobody else can.

        Raises:
            ProviderError: Nobody can.
        """
        explicit = {*names, *self.settings.ai.providers}
        models: list[LanguageModel] = []
        playbook: LanguageModel | None = None
        passed: list[Standing] = []
        for each in names or self.order():
            standing = self._named(each)
            if not standing.usable:
                passed += [standing] if each in explicit else []
            elif (built := self._built(each, model)).kind is SourceKind.PLAYBOOK:
                playbook = playbook or built
            else:
                models.append(built)
        if not names:
            playbook = (playbook or self._built(_PLAYBOOKS, None)) if offline else None
        if not models and playbook is None:
            raise _nobody(passed)
        return Choice(tuple(models), playbook, tuple(passed))

    def order(self) -> list[str]:
        """Return the configured providers; `auto` stands for Stellwerk's own, in order."""
        installed = {
            each.name for each in self.plugins.report("providers") if each.distribution == OWN
        }
        auto = [name for name in (*_KEYED, *_LOCAL, _PLAYBOOKS) if name in installed]
        wanted = self.settings.ai.providers
        named = [each for one in wanted for each in (auto if one == AUTO else [one])]
        return list(dict.fromkeys(named))

    def _named(self, name: str) -> Standing:
        if name in self.plugins.names("providers"):
            return self.standing(name)
        try:
            self.plugins.load("providers", name)
        except (PluginError, NotFoundError) as error:
            return Standing(name, usable=False, reason=error.message, hint=error.hint)
        return self.standing(name)

    def _built(self, name: str, model: str | None) -> LanguageModel:
        try:
            factory = self.plugins.load("providers", name)
        except (PluginError, NotFoundError) as error:
            raise ProviderError(error.message, error.hint) from error
        settings = dict(self._section(name))
        settings.pop("api_key", None)
        if model:
            settings |= {"model": model, "reasoning_model": model}
        folders = tuple(Path(folder) for folder in self.settings.planning.playbooks)
        options = ProviderOptions(settings, folders, self._key(name))
        try:
            built: LanguageModel = factory(options)
        except StellwerkError:
            raise
        except Exception as error:
            msg = f"The provider {name} broke down: {type(error).__name__}: {error}."
            hint = "Report it to whoever made that provider, or leave it out."
            raise ProviderError(msg, hint) from error
        return built

    def _key(self, name: str) -> Any:
        """Return what reveals the key of a provider, or None."""
        secret = self._section(name).get("api_key")
        secret = secret or self.keys.get(_SECTIONS.get(name, name))
        return secret.reveal if secret else None

    def _section(self, name: str) -> Mapping[str, Any]:
        """Return the settings of a provider by name."""
        section = f"ai.{_SECTIONS.get(name, name)}"
        return {
            setting.name: self.settings.resolved(setting.key).value
            for setting in SETTINGS
            if setting.key.rpartition(".")[0] == section
        }

    def _missing(self, name: str, section: Mapping[str, Any], key: str) -> tuple[str, str]:
        """Return why a provider cannot be asked and what to do, or nothing."""
        if name in ("openai", "anthropic") and not key:
            variable = f"{name.upper()}_API_KEY"
            return "It has no key.", f"Run `stellwerk keys set {name}`, or set {variable}."
        if name == "litellm" and not find_spec("litellm"):
            return "LiteLLM is not installed.", "Run `pip install 'stellwerk[litellm]'`."
        if name == "litellm" and not section["model"]:
            return "It has no model.", "Set ai.litellm.model."
        if name in _LOCAL:
            url = section["base_url"]
            if not url:
                return "It has no address.", "Set ai.compatible.base_url."
            if not _answers(str(url)):
                return (
                    f"Nothing answers at {without_credentials(str(url))}.",
                    "Start the server.",
                )
        return "", ""


def _nobody(passed: Sequence[Standing]) -> ProviderError:
    if not passed:
        msg = "No provider is configured that could plan."
        return ProviderError(msg, "See `stellwerk providers`.")
    told = " ".join(f"{each.name}: {each.reason}" for each in passed)
    return ProviderError(f"Nobody can plan. {told}", passed[0].hint)


def _answers(url: str) -> bool:
    """Whether something listens at an address; nothing is sent."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname or "", port), _KNOCK_SECONDS):
            return True
    except (OSError, ValueError):
        return False
