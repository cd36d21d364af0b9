"""Every error Stellwerk raises on purpose.

    StellwerkError               message (what happened, where) and hint (what to do next)
    +-- UsageError               the call itself makes no sense
    |   +-- ConfigError          a setting is wrong; names file, key and what was expected
    +-- NotFoundError            a goal, ref, revision, playbook ... does not exist
    +-- PlanError                a plan breaks a hard invariant
    |   +-- EditError            an edit would break one, or does not fit the plan
    +-- ConflictError            somebody else changed the same fields meanwhile
    +-- StorageError             the database cannot be read or written
    +-- ExchangeError            a file cannot be imported or exported
    +-- ProviderError            no provider could answer
    +-- PluginError              a plugin is missing, broken or too new
    +-- FindingsError            validation found errors

A `StellwerkError` is for people: it is printed without a traceback. Anything else that
escapes is a bug.
"""

from __future__ import annotations


class StellwerkError(Exception):
    """Something went wrong that a person can do something about.

    Attributes:
        message: What happened and where, one or more full sentences.
        hint: What to do next; empty when there is nothing better than the message.
    """

    code = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(StellwerkError):
    """The call itself makes no sense: a bad value, a missing or contradictory option."""

    code = "usage"


class ConfigError(UsageError):
    """A setting is wrong, unknown or not trusted."""

    code = "config"


class NotFoundError(StellwerkError):
    """What was named does not exist; the hint names what is near."""

    code = "not_found"


class PlanError(StellwerkError, ValueError):
    """A plan breaks a hard invariant, so it cannot be built.

    It is a `ValueError` too, so that pydantic tells where in a document it arose.

    Attributes:
        rules: One sentence for each broken rule.
    """

    code = "plan"

    def __init__(self, message: str, hint: str = "", rules: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.rules = rules or (message,)


class EditError(PlanError):
    """An edit does not fit the plan, or would break a hard invariant of it."""

    code = "edit"


class ConflictError(StellwerkError):
    """The same fields were changed by somebody else; nothing was written."""

    code = "conflict"


class StorageError(StellwerkError):
    """The database cannot be opened, read or written."""

    code = "storage"


class ExchangeError(StellwerkError):
    """A file is not what its format promises, or cannot be written."""

    code = "exchange"


class ProviderError(StellwerkError):
    """No provider could answer; unlike `PlanError` the plan itself is not at fault."""

    code = "provider"


class PluginError(StellwerkError):
    """A plugin is missing, broken, or made for another plugin API."""

    code = "plugin"


class FindingsError(StellwerkError):
    """Validation found errors in a plan that could be read."""

    code = "findings"
