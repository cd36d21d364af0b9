"""Checks of who would be asked, and whether they can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from stellwerk.cli.checks.check import SECONDS, Check, Verdict, within
from stellwerk.cli.checks.network import check_network
from stellwerk.cli.desk import Desk


def check_providers(desk: Desk) -> Iterator[Check]:
    """Check who would be asked, what the others lack, and the way to those who can be."""
    providers = desk.stellwerk.providers
    (standings,) = within(SECONDS, [providers.standings])
    if standings is None:
        hint = "A name in a base URL may not be known here: stellwerk providers"
        yield Check("provider", Verdict.ODD, "looking for providers takes too long", hint)
        return
    if names := providers.asked(standings):
        yield Check("provider", Verdict.FINE, f"`stellwerk plan` asks {', then '.join(names)}")
    else:
        told = "nobody can plan: no model can be asked, and ai.offline is false"
        hint = "Set one up: stellwerk providers. Or: stellwerk config unset ai.offline"
        yield Check("provider", Verdict.BAD, told, hint)
    missing = [each for each in standings if not each.usable]
    named = [each for each in missing if each.name in desk.settings.ai.providers]
    for each in named:
        told = f"{each.name}, of ai.providers, cannot be asked. {each.reason}"
        yield Check("provider", Verdict.ODD, told, each.hint)
    if others := [each.name for each in missing if each.hint and each not in named]:
        told = f"not set up: {', '.join(others)}; see stellwerk providers"
        yield Check("provider", Verdict.FINE, told)
    asked = [each for each in standings if each.name in names and each.base_url]
    addresses = {each.name: each.base_url for each in asked}
    yield from check_network(addresses, offline=desk.settings.ai.offline)
