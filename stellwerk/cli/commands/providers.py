"""`stellwerk providers`: who can plan, what they cost, and whether they answer."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.present.providers import (
    offline_data,
    prices_data,
    prices_text,
    probe_data,
    probe_text,
    provider_data,
    providers_text,
)
from stellwerk.domain.goal import SourceKind
from stellwerk.errors import PluginError, ProviderError, UsageError
from stellwerk.planning.models import LanguageModel

command = typer.Typer(rich_markup_mode=None, add_completion=False)


def complete_provider(context: typer.Context, incomplete: str) -> list[str]:
    """Return the names of the installed providers."""
    names = desk_of(context).stellwerk.plugins.names("providers")
    return [name for name in names if name.startswith(incomplete)]


@command.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    prices: Annotated[
        bool, typer.Option("--prices", help="What models cost, and how to say it better.")
    ] = False,
) -> None:
    """List the providers unless a verb is given."""
    if context.invoked_subcommand is None:
        (_prices if prices else _list)(desk_of(context))
    elif prices:
        raise UsageError("--prices stands alone.", "Try `stellwerk providers --prices`.")


@command.command("list")
def list_(context: typer.Context) -> None:
    """List who can plan, in the order in which they are asked, and why others cannot."""
    _list(desk_of(context))


@command.command("test")
def ask(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="As `providers` lists it.", autocompletion=complete_provider
        ),
    ],
    model: Annotated[
        str | None, typer.Option(help="The model to ask, instead of the configured one.")
    ] = None,
    timeout: Annotated[
        float,
        typer.Option("--timeout", metavar="SECONDS", min=1, help="How long it may take."),
    ] = 30.0,
) -> None:
    """Ask a provider one small question: this costs a few tokens.

    Exit code 4 if it does not answer.
    """
    from stellwerk.providers.pricing import load_prices
    from stellwerk.providers.probing import probe

    desk = desk_of(context)
    asked = _asked(desk, name, model)
    if asked.kind is SourceKind.PLAYBOOK:
        text = f"{name} plans on this machine: there is nobody to ask, and nothing to pay."
        desk.answer("provider-test", offline_data(name), text)
        return
    desk.say(f"Asking {name} ...")
    prices = load_prices(desk.settings.ai.prices)
    done = asyncio.run(probe(asked, prices, timeout))
    desk.answer("provider-test", probe_data(done), probe_text(done, desk.ink))


def _list(desk: Desk) -> None:
    providers = desk.stellwerk.providers
    standings = providers.standings()
    asked = providers.asked(standings)
    wanted = desk.settings.ai.providers
    data = {
        "order": list(wanted),
        "asked": asked,
        "providers": [provider_data(each, asked) for each in standings],
    }
    desk.answer("provider-list", data, providers_text(standings, asked, wanted, desk.ink))


def _prices(desk: Desk) -> None:
    from stellwerk.providers.pricing import load_prices

    own = desk.settings.ai.prices
    prices = load_prices(own).prices
    dated = prices[-1].source
    text = prices_text(prices, dated, own, desk.ink)
    desk.answer("price-list", prices_data(prices, dated, own), text, paging=True)


def _asked(desk: Desk, name: str, model: str | None) -> LanguageModel:
    """Return a provider by name.

    Raises:
        NotFoundError: There is none of that name.
        ProviderError: It is broken, or cannot be asked.
    """
    providers = desk.stellwerk.providers
    try:
        providers.plugins.load("providers", name)
    except PluginError as error:
        raise ProviderError(error.message, error.hint) from error
    standing = providers.standing(name)
    if not standing.usable:
        raise ProviderError(f"{name} cannot be asked. {standing.reason}", standing.hint)
    choice = providers.choose((name,), model=model)
    found = (*choice.models, *([choice.playbook] if choice.playbook else []))
    return found[0]
