"""Who makes vectors of goals: the built-in way, or an installed embedder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from stellwerk.config.keys import KeyRing
from stellwerk.config.schema import BY_SECTION
from stellwerk.config.settings import Settings
from stellwerk.errors import ProviderError, StellwerkError
from stellwerk.planning.models import ProviderOptions
from stellwerk.planning.ports import Embedder
from stellwerk.planning.similarity.vectors import HashedEmbedder
from stellwerk.plugins.discovery import Plugins

BUILTIN: Final = "builtin"
_SECTIONS: Final = {"openai-compatible": "compatible"}
_STEP: Final = "Report it to whoever made it, or set ai.embedder to builtin."


def chosen_embedder(plugins: Plugins, settings: Settings, keys: KeyRing) -> Embedder:
    """Return the embedder that `ai.embedder` names.

    Raises:
        NotFoundError: There is none of that name.
        PluginError: It is switched off, or cannot be loaded.
        ProviderError: It cannot be used.
    """
    name = settings.ai.embedder
    if name == BUILTIN:
        return HashedEmbedder()
    factory = plugins.load("embedders", name)
    section = _SECTIONS.get(name, name)
    told: dict[str, Any] = {
        setting.name: settings.resolved(setting.key).value
        for setting in BY_SECTION.get(f"ai.{section}", ())
    }
    secret = told.pop("api_key", None) or keys.get(section)
    given = {**told, "model": settings.ai.embedding_model}
    options = ProviderOptions(given, key=secret.reveal if secret else None)
    return Contained(name, factory, options)


def embedder_or_builtin(
    plugins: Plugins, settings: Settings, keys: KeyRing, say: Callable[[str], None]
) -> Embedder:
    """Return the configured embedder; where there is none, say so and return the built-in."""
    try:
        return chosen_embedder(plugins, settings, keys)
    except StellwerkError as error:
        say(
            f"Earlier goals are compared by the built-in vectors: {error.message} {error.hint}"
        )
        return HashedEmbedder()


class Contained:
    """An embedder of anybody's, whose faults are errors of a provider.

    Args:
        name: By which it was asked for.
        factory: Makes it.
        options: What it is made with.

    Raises:
        ProviderError: It cannot be made.
    """

    def __init__(self, name: str, factory: Any, options: ProviderOptions) -> None:
        self._name = name
        self._inner = self._kept(lambda: factory(options))

    @property
    def id(self) -> str:
        """Names it and its model."""
        return f"{self._name}:{self._kept(lambda: str(self._inner.id))}"

    @property
    def dimension(self) -> int:
        """How many numbers its vectors have."""
        return int(self._kept(lambda: int(self._inner.dimension)))

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return a vector for each text (ProviderError)."""
        found = self._kept(lambda: [[*map(float, each)] for each in self._inner.embed(texts)])
        if len(found) != len(texts) or {len(each) for each in found} - {self.dimension}:
            msg = f"The embedder {self._name} gave no vector of its length for each text."
            raise ProviderError(msg, _STEP)
        return list(found)

    def _kept(self, work: Any) -> Any:
        try:
            return work()
        except StellwerkError:
            raise
        except Exception as error:
            msg = f"The embedder {self._name} broke down: {type(error).__name__}: {error}."
            raise ProviderError(msg, _STEP) from error
