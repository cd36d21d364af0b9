"""Every setting there is. The reference page and the sample file are made from this table."""

from __future__ import annotations

from typing import Final

from stellwerk.config.provider_settings import PROVIDERS
from stellwerk.config.setting import Kind, Setting
from stellwerk.errors import ConfigError

SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "database.url",
        Kind.DATABASE,
        None,
        "The database that holds your goals and plans, as an SQLAlchemy URL; only"
        " `sqlite:///FILE` is supported now. Without one it is `stellwerk.db` in your data"
        " folder.",
        example='"sqlite:///stellwerk.db"',
        also=("STELLWERK_DB",),
    ),
    Setting(
        "ai.providers",
        Kind.LIST,
        ("auto",),
        "Providers to ask, in this order; the next one answers when one fails. `auto` means"
        " those with a key, then a local server that answers, then the offline playbooks.",
    ),
    Setting(
        "ai.max_concurrency",
        Kind.INTEGER,
        8,
        "How many model calls may run at the same time. Lower it when a provider answers"
        " with rate limits.",
        minimum=1,
        maximum=256,
    ),
    Setting(
        "ai.offline",
        Kind.FLAG,
        True,
        "Whether the offline playbooks may plan when no provider can answer. With false such"
        " a run fails instead and can be resumed.",
    ),
    Setting(
        "ai.prices",
        Kind.PATH,
        None,
        "A TOML file with prices of models, for those that Stellwerk does not know or knows"
        " wrongly; `stellwerk providers --prices` shows its shape.",
        guarded=True,
        example='"prices.toml"',
    ),
    Setting(
        "ai.embedder",
        Kind.TEXT,
        "builtin",
        "What makes the vectors by which earlier goals that are like a new one are found:"
        " `builtin`, which compares words and sends nothing, `ollama`, `openai`,"
        " `openai-compatible`, or the name of a plugin. The others get the titles of all your"
        " goals.",
        guarded=True,
        pattern=r"[A-Za-z0-9][A-Za-z0-9._-]*",
        shape="the name of an embedder such as ollama",
    ),
    Setting(
        "ai.embedding_model",
        Kind.TEXT,
        None,
        "The model that the embedder asks. Without one it is the embedder's own choice:"
        " `nomic-embed-text` of Ollama, `text-embedding-3-small` of OpenAI.",
        example='"nomic-embed-text"',
    ),
    Setting(
        "ai.reuse_days",
        Kind.INTEGER,
        30,
        "For how many days the answer to a question may be reused when exactly the same is"
        " asked again; 0 reuses none. A run that is resumed never pays twice, whatever this"
        " says.",
        minimum=0,
        maximum=3650,
    ),
    Setting(
        "ai.log_megabytes",
        Kind.INTEGER,
        256,
        "How large the log of model calls may become. Beyond that the oldest answers of"
        " finished runs are forgotten.",
        minimum=1,
        maximum=100_000,
    ),
    *PROVIDERS,
    Setting(
        "planning.size",
        Kind.TEXT,
        "auto",
        "How large a plan is made: `small`, `standard`, `detailed`, or `auto`, which follows"
        " the goal.",
        choices=("auto", "small", "standard", "detailed"),
    ),
    Setting(
        "planning.language",
        Kind.TEXT,
        "auto",
        "The language plans are written in, as an ISO 639 code; `auto` takes the goal's own.",
        pattern=r"auto|[a-z]{2,3}",
        shape="auto or an ISO 639 code such as de",
    ),
    Setting(
        "planning.max_routes",
        Kind.INTEGER,
        20,
        "The most routes a new plan may have.",
        minimum=2,
        maximum=100,
    ),
    Setting(
        "planning.max_tasks_per_route",
        Kind.INTEGER,
        6,
        "The most tasks each route of a new plan may have.",
        minimum=1,
        maximum=50,
    ),
    Setting(
        "planning.max_work_packages_per_task",
        Kind.INTEGER,
        6,
        "The most work packages each task of a new plan may have.",
        minimum=1,
        maximum=50,
    ),
    Setting(
        "planning.max_repairs",
        Kind.INTEGER,
        2,
        "How often a model is asked to correct an answer that does not fit, before the next"
        " provider is asked.",
        minimum=0,
        maximum=10,
    ),
    Setting(
        "planning.quality_threshold",
        Kind.NUMBER,
        0.7,
        "The quality score below which a new plan is refined; 0 refines none.",
        minimum=0,
        maximum=1,
    ),
    Setting(
        "planning.enable_semantic_caching",
        Kind.FLAG,
        False,
        "Whether the plan of a similar goal may be reused without asking. It needs an"
        " `ai.embedder` other than `builtin`; otherwise similar plans are only suggested.",
    ),
    Setting(
        "planning.cache_similarity_threshold",
        Kind.NUMBER,
        0.85,
        "How similar two goals have to be before `enable_semantic_caching` reuses a plan.",
        minimum=0,
        maximum=1,
    ),
    Setting(
        "planning.playbooks",
        Kind.PATHS,
        (),
        "Folders with playbooks of your own, besides those that come with Stellwerk.",
        example='["playbooks"]',
    ),
    Setting(
        "planning.prompts",
        Kind.PATH,
        None,
        "A folder with prompts of your own, which take the place of those with the same"
        " name; `stellwerk prompts check` checks them.",
        guarded=True,
        example='"prompts"',
    ),
    Setting(
        "planning.deadline_seconds",
        Kind.NUMBER,
        3600.0,
        "After how long a planning run is broken off; it can be resumed.",
        minimum=1,
        maximum=86_400,
    ),
    Setting(
        "planning.stage_deadline_seconds",
        Kind.NUMBER,
        900.0,
        "How long one question may take with all its retries before the next provider is"
        " asked.",
        minimum=1,
        maximum=86_400,
    ),
    Setting(
        "user.name",
        Kind.TEXT,
        None,
        "Your name, as the history of a plan shows it. Without one it is git's `user.name`.",
        example='"Ada Lovelace"',
    ),
    Setting(
        "user.email",
        Kind.TEXT,
        None,
        "Your e-mail address, by which others recognise you. Without one it is git's"
        " `user.email`.",
        example='"ada@example.com"',
    ),
    Setting(
        "validation.select",
        Kind.LIST,
        (),
        "Codes of the findings to report, or the first letters and digits of several"
        " (`SW3`). An empty list reports all.",
        example='["SW1", "SW2"]',
    ),
    Setting(
        "validation.ignore",
        Kind.LIST,
        (),
        "Codes of findings to leave out, written as in `select`; this one wins.",
        example='["SW306"]',
    ),
    Setting(
        "validation.errors",
        Kind.LIST,
        (),
        "Codes of findings that are errors here, written as in `select`: with one of them"
        " `stellwerk validate` ends with exit code 3. The longest code that fits counts.",
        example='["SW301"]',
    ),
    Setting(
        "validation.warnings",
        Kind.LIST,
        (),
        "Codes of findings that are warnings here.",
        example='["SW316"]',
    ),
    Setting(
        "validation.infos",
        Kind.LIST,
        (),
        "Codes of findings that are only information here.",
        example='["SW5"]',
    ),
    Setting(
        "validation.enable",
        Kind.LIST,
        (),
        "Names of validators that run only when they are asked to, such as `links`, which"
        " asks the network whether sources answer.",
        example='["links"]',
        guarded=True,
    ),
    Setting(
        "context.standards",
        Kind.PATHS,
        (),
        "Files with rules of your organisation that every plan should follow. Their text"
        " goes to the provider with the goal.",
        example='["docs/standards.md"]',
    ),
    Setting(
        "context.history",
        Kind.FLAG,
        True,
        "Whether your past goals, and how they went, may go to the provider with a new goal:"
        " titles and figures, without notes and without names of people.",
        guarded=True,
    ),
    Setting(
        "context.similar",
        Kind.FLAG,
        True,
        "Whether the routes of finished goals that are like the new one may go along; never"
        " without `context.history`.",
        guarded=True,
    ),
    Setting(
        "context.playbooks",
        Kind.FLAG,
        True,
        "Whether the outline of the playbook that fits a goal goes to the provider with it.",
    ),
    Setting(
        "context.max_tokens",
        Kind.INTEGER,
        3000,
        "How many tokens all of this may add to a question, at four characters each; 0 adds"
        " nothing.",
        minimum=0,
        maximum=100_000,
    ),
    Setting(
        "tui.theme",
        Kind.TEXT,
        None,
        "The colour theme of `stellwerk tui`: `stellwerk` by night, `stellwerk-day`, or any"
        " of Textual's, such as `nord`. Without one it is `stellwerk`.",
        example='"stellwerk-day"',
    ),
    Setting(
        "tui.ascii",
        Kind.FLAG,
        False,
        "Whether `stellwerk tui`, `map` and `plan` draw with plain ASCII characters, for"
        " terminals or fonts without line drawing.",
    ),
    Setting(
        "tui.keys",
        Kind.LIST,
        (),
        "Other keys for what `stellwerk tui` can do, such as `undo=ctrl+z`; `stellwerk tui"
        " --keys` lists the actions with their keys.",
        example='["undo=ctrl+z"]',
    ),
    Setting(
        "plugins.enabled",
        Kind.FLAG,
        True,
        "Whether plugins of other packages may be loaded. Stellwerk's own parts always are.",
        guarded=True,
        also=("STELLWERK_PLUGINS",),
    ),
    Setting(
        "monitoring.log_level",
        Kind.TEXT,
        "WARNING",
        "The least serious messages that are logged: `DEBUG` has every call to a model, `INFO`"
        " every stage of a run, `WARNING` what had to be tried again, `ERROR` what failed."
        " With `DEBUG` and no file they go to the terminal, as with `-vv`.",
        choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    ),
    Setting(
        "monitoring.log_file",
        Kind.PATH,
        None,
        "The file that log messages of planning runs are appended to, without keys. Without"
        " one nothing is written to a file.",
        guarded=True,
        example='"stellwerk.log"',
    ),
    Setting(
        "monitoring.log_format",
        Kind.TEXT,
        "json",
        "How messages are written to that file: `json`, an object a line for programs, or"
        " `console`, a line of text for people.",
        choices=("json", "console"),
    ),
    Setting(
        "monitoring.sentry_dsn",
        Kind.SECRET,
        None,
        "The Sentry project that bugs of Stellwerk are reported to, if the extra `sentry` is"
        " installed: where in the code, and no texts of yours. Without one nothing is ever"
        " reported.",
        guarded=True,
        example='"${STELLWERK_SENTRY_DSN}"',
    ),
)

BY_KEY: Final = {setting.key: setting for setting in SETTINGS}
SECTIONS: Final = frozenset(
    ".".join(parts[:count])
    for parts in (setting.key.split(".") for setting in SETTINGS)
    for count in range(1, len(parts))
)
BY_SECTION: Final = {
    section: tuple(setting for setting in SETTINGS if setting.section == section)
    for section in SECTIONS
}


def setting_for(key: str, where: str = "") -> Setting:
    """Return the setting with a key.

    Raises:
        ConfigError: There is none; the hint names the nearest. `where` names the file.
    """
    if key in BY_KEY:
        return BY_KEY[key]
    raise unknown(key, where)


def unknown(key: str, where: str = "") -> ConfigError:
    """Return the error for a key that no setting has."""
    from stellwerk.domain.text import one_line, shortened

    shown = shortened(one_line(key), 80)
    start = f"{where}: " if where else ""
    if key in SECTIONS:
        names = ", ".join(setting.name for setting in BY_SECTION[key])
        return ConfigError(f"{start}`{shown}` is a section, not a setting; it has {names}.")
    near = nearest(key)
    hint = f"Did you mean `{near}`?" if near else "`stellwerk config` lists every setting."
    return ConfigError(f"{start}There is no setting `{shown}`.", hint)


def nearest(key: str) -> str:
    """Return the known key or section that is spelled most like a key, or ''."""
    from difflib import get_close_matches

    key = key[:200]
    known = [*BY_KEY, *sorted(SECTIONS)]
    same_name = [name for name in known if name.rpartition(".")[2] == key.rpartition(".")[2]]
    if len(same_name) == 1:
        return same_name[0]
    return next(iter(get_close_matches(key, same_name or known, n=1, cutoff=0.6)), "")
