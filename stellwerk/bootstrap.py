"""The composition root: the one place where concrete parts are chosen and wired."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from stellwerk.config.discovery import load
from stellwerk.config.locations import database_file
from stellwerk.config.settings import Settings
from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Plan
from stellwerk.domain.text import one_line
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.planning.ports import PlanStore
from stellwerk.storage.repository import Repository

if TYPE_CHECKING:
    from stellwerk.domain.edits.edit import Edit, Touch
    from stellwerk.domain.snapshot import Snapshot
    from stellwerk.planner import Planner
    from stellwerk.planning.context.gathering import Context
    from stellwerk.planning.events import Emit
    from stellwerk.planning.refinement import Refinery
    from stellwerk.planning.similarity.search import Similar
    from stellwerk.plugins.choosing import Providers
    from stellwerk.plugins.discovery import Plugins
    from stellwerk.plugins.judging import Validators
    from stellwerk.providers.debug_log import Listener
    from stellwerk.providers.redaction import Redactor
    from stellwerk.storage.run_log import SqlRunLog
    from stellwerk.validation.judging import Verdict


class Stellwerk(NamedTuple):
    """The wired services.

    Attributes:
        settings: What was configured.
        database: The database file.
        store: Where plans are kept.
        dispatcher: Finds goals and carries edits.
    """

    settings: Settings
    database: Path
    store: PlanStore
    dispatcher: Dispatcher

    @property
    def plugins(self) -> Plugins:
        """The installed plugins, as far as settings allow them."""
        from stellwerk.plugins.discovery import Plugins

        return Plugins(strangers=self.settings.plugins.enabled)

    def log(
        self,
        console: TextIO | None = None,
        redactor: Redactor | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> AbstractContextManager[Emit]:
        """Open the log of planning runs: the configured file, a terminal, or nothing.

        Args:
            console: A terminal that gets all of it.
            redactor: Takes keys out; made of the known keys if not given.
            say: Told if the log has to end early.
        """
        from stellwerk.storage.event_log import event_log

        monitoring = self.settings.monitoring
        return event_log(
            monitoring.log_file,
            monitoring.log_level,
            form=monitoring.log_format,
            console=console,
            scrub=(redactor or self.redactor()).scrub,
            say=say,
        )

    def redactor(self) -> Redactor:
        """Return what takes the keys known now out of text.

        Ask for it once providers are chosen: keys of the system's keyring are known then.
        """
        from stellwerk.config.known_secrets import known_secrets
        from stellwerk.providers.redaction import Redactor

        return Redactor(known_secrets(os.environ, self.settings))

    def goals(self) -> list[Goal]:
        """Return the goals that are not archived, oldest first."""
        return [line.goal for line in self.dispatcher.goals()]

    @property
    def providers(self) -> Providers:
        """The installed providers, seen with the settings."""
        from stellwerk.config.keys import KeyRing
        from stellwerk.config.locations import config_folder
        from stellwerk.plugins.choosing import Providers

        keys = KeyRing(os.environ, config_folder(os.environ))
        return Providers(self.plugins, self.settings, keys)

    @property
    def runs(self) -> SqlRunLog:
        """Planning runs with their calls."""
        from stellwerk.storage.run_log import SqlRunLog

        return SqlRunLog(self.database)

    def planner(
        self, redactor: Redactor | None = None, listen: Listener | None = None
    ) -> Planner:
        """Return what carries out planning runs.

        Args:
            redactor: Takes keys out; made of the known keys if not given.
            listen: Hears of every request and reply.
        """
        from stellwerk.planner import Planner

        hidden = redactor or self.redactor()
        return Planner(
            *(self.settings, self.dispatcher, self.runs, self.providers, hidden),
            self.refinery(),
            listen,
        )

    def refinery(self, protected: frozenset[Touch] = frozenset()) -> Refinery:
        """Return who judges plans here and proposes how to make them better.

        Args:
            protected: Fields that must not be touched.
        """
        from stellwerk.planning.refinement import Refinery
        from stellwerk.plugins.refining import refiners

        threshold = self.settings.planning.quality_threshold
        judge = self.validators.judge
        return Refinery(judge, refiners(self.plugins), threshold, protected)

    @property
    def validators(self) -> Validators:
        """The installed validators, seen with the settings."""
        from stellwerk.plugins.judging import Validators, rules_of

        validation = self.settings.validation
        return Validators(self.plugins, rules_of(validation), validation.enable)

    def similar(self, say: Callable[[str], None] = lambda _: None) -> Similar:
        """Return what finds earlier goals that are like a new one.

        Args:
            say: Told in a sentence if the configured embedder cannot be used.
        """
        from stellwerk.planning.similarity.search import Similar
        from stellwerk.planning.similarity.vectors import UnkeptVectors
        from stellwerk.plugins.embedders import embedder_or_builtin
        from stellwerk.storage.embeddings import SqlVectors

        embedder = embedder_or_builtin(self.plugins, self.settings, self.providers.keys, say)
        kept = isinstance(self.store, Repository)
        shelf = SqlVectors(self.database) if kept else UnkeptVectors()
        return Similar(self.store, shelf, embedder, say)

    def context(
        self, similar: Similar | None = None, say: Callable[[str], None] = lambda _: None
    ) -> Context:
        """Return what gathers the background of a goal for models.

        Args:
            similar: Finds earlier goals, if somebody did already.
            say: Told in a sentence what is left out.
        """
        from stellwerk.planning.context.gathering import Context
        from stellwerk.plugins.informing import playbook_provider, sources_of

        found = similar or self.similar(say)
        name = self.dispatcher.author.partition("<")[0].strip()
        sources = sources_of(self.settings)
        if isinstance(self.store, Repository) and not self.database.exists():
            sources = sources._replace(history=False)  # looking would make it
        return Context(
            *(sources, self.store, found.nearest),
            playbooks=lambda: playbook_provider(self.providers),
            names=(name,),
            say=say,
        )

    def plan(self, goal: str, *, language: str = "auto", provider: str | None = None) -> Plan:
        """Plan a goal, store the plan and return it.

        Args:
            goal: The goal in words; its first line is the title.
            language: `en`, `de`, or `auto`, which follows the goal.
            provider: Who plans; the first configured one that can, if not named.

        Raises:
            UsageError: The goal is empty or too long.
            ProviderError: Nobody could plan it.
        """
        from stellwerk.planning.wish import wish_of

        wish = wish_of(goal, language=language)
        names = (provider,) if provider else ()
        choice = self.providers.choose(names, offline=self.settings.ai.offline)
        if choice.models:
            wish = self.context().informed(wish)
        with self.log() as log:
            return self.planner().plan(wish, choice, log).snapshot.plan

    def load(self, slug: str | None = None) -> Plan:
        """Return the plan of a goal; without a slug the selected or only one."""
        return self.dispatcher.open(slug).plan

    def edit(self, plan: Plan, edit: Edit) -> Plan:
        """Make an edit on the plan of that goal as it is stored now; return the plan after it.

        Raises:
            EditError: It does not fit the plan as it is now.
        """
        base = self.store.load(plan.goal.uid)
        return self.dispatcher.make(base, edit).after.plan

    def grade(
        self, snapshot: Snapshot, notes: Mapping[str, str], verdict: Verdict | None = None
    ) -> Verdict:
        """Judge a stored plan and keep its score; return the verdict.

        A score that cannot be kept, as in a database that can only be read, is no failure:
        it can be taken again.

        Args:
            snapshot: The whole plan at its revision.
            notes: All of its notes, by package uid.
            verdict: What was said about it, if it was judged already.
        """
        from stellwerk.errors import StorageError
        from stellwerk.validation.findings import Subject

        if verdict is None:
            verdict = self.validators.judge(Subject(snapshot.plan, notes))
        goal, at = snapshot.plan.goal.uid, self.dispatcher.clock()
        with suppress(StorageError):
            self.store.quality.record(goal, snapshot.revision, verdict.score, at)
        return verdict

    def export(self, plan: Plan, form: str = "markdown") -> str:
        """Return a plan as the text of one file, in a format of `stellwerk plugins`."""
        from stellwerk.exchange.document import Document

        base = self.store.load(plan.goal.uid)
        notes = self.store.notes(plan.goal.uid)
        document = Document(base.plan, notes, base.book)
        files = self.plugins.load("exporters", form).files(document, folder=False)
        return str(next(iter(files.values())))


def open_stellwerk(database: str | Path | None = None) -> Stellwerk:
    """Open Stellwerk as the command line would here, or on a database of your own."""
    flags = {} if database is None else {"database.url": str(database)}
    return build(load(Path.cwd(), os.environ, flags), os.environ)


def build(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    author: str | None = None,
    store: PlanStore | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Stellwerk:
    """Wire Stellwerk for some settings.

    Args:
        settings: What was configured.
        environ: Environment variables; they say where the user's folders are.
        author: Who acts; taken from the settings or git if not given.
        store: A store to use instead of the configured database.
        say: Told in a sentence what the database has to tell, such as an upgrade.
    """
    database = database_file(settings.database.url, environ)
    chosen = store or Repository(database, say=say)
    who = author or (lambda: author_of(settings))
    dispatcher = Dispatcher(chosen, who, now, new_uid)
    return Stellwerk(settings, database, chosen, dispatcher)


def author_of(settings: Settings) -> str:
    """Return who acts: `[user]`, else git's user, else the login name."""
    name, email = settings.user.name, settings.user.email
    if not name and not email:
        name, email = _git_user()
    name, email = one_line(name or ""), one_line(email or "")
    if name and email:
        return f"{name} <{email}>"
    return name or email or one_line(_login())


def now() -> datetime:
    """Return the present, UTC."""
    return datetime.now(UTC)


def new_uid() -> str:
    """Return a fresh uid, a hexadecimal UUID."""
    from uuid import uuid4

    return uuid4().hex


def _git_user() -> tuple[str, str]:
    import subprocess

    command = ["git", "config", "--get-regexp", r"^user\.(name|email)$"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "", ""
    pairs = dict(line.partition(" ")[::2] for line in found.stdout.splitlines())
    return pairs.get("user.name", ""), pairs.get("user.email", "")


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
