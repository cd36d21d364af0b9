"""What the settings and the installed playbooks give to the background of a goal."""

from __future__ import annotations

from pathlib import Path

from stellwerk.config.settings import Origin, Settings
from stellwerk.errors import ProviderError
from stellwerk.planning.context.gathering import Sources
from stellwerk.planning.models import LanguageModel
from stellwerk.plugins.choosing import Providers


def sources_of(settings: Settings) -> Sources:
    """Return which sources the settings allow."""
    context = settings.context
    named = settings.resolved("context.standards")
    at_home = named.origin in (Origin.PROJECT, Origin.USER)
    return Sources(
        history=context.history,
        similar=context.similar,
        playbooks=context.playbooks,
        standards=context.standards,
        project=Path(named.where).parent if at_home and named.where else None,
        max_tokens=context.max_tokens,
    )


def playbook_provider(providers: Providers) -> LanguageModel | None:
    """Return who answers from playbooks; None if it is not installed or breaks."""
    try:
        return providers.choose(("playbooks",)).playbook
    except ProviderError:
        return None
