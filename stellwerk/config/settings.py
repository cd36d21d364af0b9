"""The settings of one run, by section, each with where it came from.

The sections name the settings and their types for the type checker; everything else about
a setting stands in the table in `schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from stellwerk.config.schema import BY_SECTION, setting_for
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Value


class Origin(StrEnum):
    """Where a value can come from; an earlier one beats a later one."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    USER = "user"
    DEFAULT = "default"


class Resolved(NamedTuple):
    """A value of a setting and where it came from.

    Attributes:
        key: The setting.
        value: Its value.
        origin: The kind of source.
        where: The file or variable; "" for a default.
    """

    key: str
    value: Value
    origin: Origin
    where: str

    def __repr__(self) -> str:
        return f"Resolved({self.key!r}, ..., {self.origin.value!r}, {self.where!r})"


class _ReadOnly:
    def __setattr__(self, name: str, value: object) -> NoReturn:
        msg = f"Settings are read-only: {name} cannot be set."
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        msg = f"Settings are read-only: {name} cannot be deleted."
        raise AttributeError(msg)


class Section(_ReadOnly):
    """A group of settings as read-only attributes; `repr` shows no values."""

    def __init__(self, values: Mapping[str, Value], name: str) -> None:
        own = {setting.name: values[setting.key] for setting in BY_SECTION[name]}
        self.__dict__.update(own, _name=name)

    def __repr__(self) -> str:
        return f"<settings of [{self.__dict__['_name']}]>"


class Database(Section):
    """`[database]`."""

    url: str | None


class OpenAI(Section):
    """`[ai.openai]`."""

    api_key: Secret | None
    base_url: str
    api: str
    model: str
    reasoning_model: str
    timeout_seconds: float


class Anthropic(Section):
    """`[ai.anthropic]`."""

    api_key: Secret | None
    base_url: str
    model: str
    reasoning_model: str | None
    timeout_seconds: float


class Ollama(Section):
    """`[ai.ollama]`."""

    base_url: str
    model: str | None
    num_ctx: int
    timeout_seconds: float


class Compatible(Section):
    """`[ai.compatible]`."""

    base_url: str | None
    api_key: Secret | None
    model: str | None
    timeout_seconds: float


class LiteLLM(Section):
    """`[ai.litellm]`."""

    model: str | None
    reasoning_model: str | None
    api_key: Secret | None
    base_url: str | None
    timeout_seconds: float


class AI(Section):
    """`[ai]` and its providers."""

    providers: tuple[str, ...]
    max_concurrency: int
    offline: bool
    prices: Path | None
    embedder: str
    embedding_model: str | None
    reuse_days: int
    log_megabytes: int
    openai: OpenAI
    anthropic: Anthropic
    ollama: Ollama
    compatible: Compatible
    litellm: LiteLLM

    def __init__(self, values: Mapping[str, Value], name: str) -> None:
        super().__init__(values, name)
        self.__dict__.update(
            openai=OpenAI(values, "ai.openai"),
            anthropic=Anthropic(values, "ai.anthropic"),
            ollama=Ollama(values, "ai.ollama"),
            compatible=Compatible(values, "ai.compatible"),
            litellm=LiteLLM(values, "ai.litellm"),
        )


class Planning(Section):
    """`[planning]`."""

    size: str
    language: str
    max_routes: int
    max_tasks_per_route: int
    max_work_packages_per_task: int
    max_repairs: int
    quality_threshold: float
    enable_semantic_caching: bool
    cache_similarity_threshold: float
    playbooks: tuple[Path, ...]
    prompts: Path | None
    deadline_seconds: float
    stage_deadline_seconds: float


class User(Section):
    """`[user]`."""

    name: str | None
    email: str | None


class Validation(Section):
    """`[validation]`."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    enable: tuple[str, ...]


class Context(Section):
    """`[context]`."""

    standards: tuple[Path, ...]
    history: bool
    similar: bool
    playbooks: bool
    max_tokens: int


class Tui(Section):
    """`[tui]`."""

    theme: str | None
    ascii: bool
    keys: tuple[str, ...]


class Plugins(Section):
    """`[plugins]`."""

    enabled: bool


class Monitoring(Section):
    """`[monitoring]`."""

    log_level: str
    log_file: Path | None
    log_format: str
    sentry_dsn: Secret | None


class Settings(_ReadOnly):
    """All settings of one run, read-only.

    Attributes:
        untrusted: File and key of each value that waits for `stellwerk config trust`.
        files: The settings files that were read, the stronger one first.
    """

    database: Database
    ai: AI
    planning: Planning
    user: User
    validation: Validation
    context: Context
    tui: Tui
    plugins: Plugins
    monitoring: Monitoring
    untrusted: tuple[tuple[Path, str], ...]
    files: tuple[Path, ...]
    _chains: Mapping[str, tuple[Resolved, ...]]

    def __init__(
        self,
        chains: Mapping[str, tuple[Resolved, ...]],
        untrusted: tuple[tuple[Path, str], ...] = (),
        files: tuple[Path, ...] = (),
    ) -> None:
        values = {key: chain[0].value for key, chain in chains.items()}
        sections = {name: section(values, name) for name, section in _SECTIONS.items()}
        self.__dict__.update(sections, untrusted=untrusted, files=files, _chains=chains)

    def resolved(self, key: str) -> Resolved:
        """Return the value that counts for a key, with where it came from.

        Raises:
            ConfigError: There is no such setting.
        """
        return self._chains[setting_for(key).key][0]

    def overridden(self, key: str) -> tuple[Resolved, ...]:
        """Return the values of a key that lost, the strongest first.

        Raises:
            ConfigError: There is no such setting.
        """
        return self._chains[setting_for(key).key][1:]

    def __repr__(self) -> str:
        return f"<settings from {', '.join(map(str, self.files)) or 'no file'}>"


_SECTIONS: Final[Mapping[str, type[Section]]] = {
    "database": Database,
    "ai": AI,
    "planning": Planning,
    "user": User,
    "validation": Validation,
    "context": Context,
    "tui": Tui,
    "plugins": Plugins,
    "monitoring": Monitoring,
}
