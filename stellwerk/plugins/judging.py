"""Judging plans with the installed validators: our own, and those of others, kept at bay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from stellwerk.config.settings import Validation
from stellwerk.errors import PluginError, UsageError
from stellwerk.plugins.discovery import OWN, Plugin, Plugins, State
from stellwerk.plugins.soundness import sound
from stellwerk.validation.findings import Code, Finding, Severity, Subject, Validator
from stellwerk.validation.judging import Rules, Verdict, judged

BROKEN: Final = Code("SW900", Severity.WARNING, "A validator of another package broke.")
_GROUP: Final = "validators"


@dataclass(frozen=True, slots=True)
class Validators:
    """The installed validators, seen with the settings.

    Attributes:
        plugins: What is installed.
        rules: What is reported.
        enabled: Names of those that run only when named.
    """

    plugins: Plugins
    rules: Rules = field(default_factory=Rules)
    enabled: tuple[str, ...] = ()

    def judge(self, subject: Subject) -> Verdict:
        """Return the verdict on a plan; a validator that breaks is a finding."""
        return judged(subject, self.rules, list(self.others()))

    def others(self) -> Iterator[Validator]:
        """Yield the validators that do not come with Stellwerk's core, and are to run.

        Raises:
            UsageError: One was named that is not installed.
        """
        strangers = [p for p in self.plugins.report(_GROUP) if not _core(p)]
        self._refuse_unknown([plugin.name for plugin in strangers])
        for plugin in strangers:
            if plugin.state is State.READY:
                validator = self._loaded(plugin.name)
                if validator.default or plugin.name in self.enabled:
                    yield validator

    def _refuse_unknown(self, known: Sequence[str]) -> None:
        for name in self.enabled:
            if name not in known:
                told = ", ".join(sorted(known)) or "none"
                msg = f"There is no validator {name!r} that could be enabled."
                raise UsageError(msg, f"Installed: {told}; see `stellwerk plugins`.")

    def _loaded(self, name: str) -> Validator:
        try:
            found = self.plugins.load(_GROUP, name)
        except PluginError as error:
            message = f"The validator {name} could not be loaded: {error.message}"
            finding = BROKEN.at("", message, error.hint)
            return Validator((BROKEN,), lambda _: iter((finding,)))
        return _contained(name, found)


def _contained(name: str, found: Any) -> Validator:
    """Return a validator that says so when it breaks, instead of raising."""

    def check(subject: Subject) -> Iterator[Finding]:
        try:
            told = list(found(subject))
        except Exception as error:  # noqa: BLE001 - somebody else's code
            message = f"The validator {name} broke: {type(error).__name__}: {error}"
            hint = "Tell its authors; `stellwerk plugins` says who they are."
            yield BROKEN.at("", message, hint)
            return
        yield from (_fixed(each, subject) for each in told if _well_formed(each))

    codes = getattr(found, "codes", ())
    return Validator((*codes, BROKEN), check, getattr(found, "default", True))


def _well_formed(finding: Any) -> bool:
    """Whether somebody else's finding says what a finding says."""
    if not isinstance(finding, Finding) or not isinstance(finding.severity, Severity):
        return False
    told = (finding.code, finding.ref, finding.message, finding.hint, finding.quote)
    return all(isinstance(each, str) for each in told) and isinstance(finding.count, int)


def _fixed(finding: Finding, subject: Subject) -> Finding:
    """Return a finding without a fix that is no edit."""
    if finding.fix is None or sound(finding.fix, subject.plan):
        return finding
    return replace(finding, fix=None)


def _core(plugin: Plugin) -> bool:
    """Whether a validator is one of those that every verdict runs."""
    return plugin.distribution == OWN and plugin.target.startswith("stellwerk.validation.")


def rules_of(validation: Validation) -> Rules:
    """Return what `[validation]` says about findings."""
    return Rules(
        validation.select,
        validation.ignore,
        validation.errors,
        validation.warnings,
        validation.infos,
    )
