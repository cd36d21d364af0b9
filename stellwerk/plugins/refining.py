"""The installed refiners: our own, and those of other packages, kept at bay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from stellwerk.domain.plan import Plan
from stellwerk.errors import PluginError, ProviderError
from stellwerk.plugins.discovery import OWN, Plugins, State
from stellwerk.plugins.soundness import sound
from stellwerk.validation.refiners import ALL
from stellwerk.validation.refining import Material, Proposal, Refiner

_GROUP: Final = "refiners"


def refiners(plugins: Plugins) -> tuple[Refiner, ...]:
    """Return Stellwerk's own refiners, then those of other packages that can be loaded."""
    found: list[Refiner] = []
    for plugin in plugins.report(_GROUP):
        if plugin.distribution == OWN or plugin.state is not State.READY:
            continue
        try:
            found.append(_contained(plugin.name, plugins.load(_GROUP, plugin.name)))
        except PluginError:
            continue  # `stellwerk plugins` says why
    return (*ALL, *found)


def _contained(name: str, refiner: Any) -> Refiner:
    """Return a refiner that proposes nothing when it breaks, and nothing that is no edit."""

    async def propose(material: Material) -> Sequence[Proposal]:
        try:
            told: list[Any] = list(await refiner.propose(material))
        except ProviderError:
            raise
        except Exception:  # noqa: BLE001 - somebody else's code
            return ()
        return [
            Proposal(name, each.edit, each.reason)
            for each in told
            if _proposed(each, material.subject.plan)
        ]

    return Refiner(name, propose, bool(getattr(refiner, "needs_model", False)))


def _proposed(each: Any, plan: Plan) -> bool:
    told = isinstance(each, Proposal) and isinstance(each.reason, str)
    return told and sound(each.edit, plan)
