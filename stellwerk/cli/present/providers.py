"""Who can plan, what they cost, and what a test call said: text and data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from stellwerk.cli.figures import dollars
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.amounts import UNKNOWN
from stellwerk.cli.present.tables import Column, table
from stellwerk.config.schema import BY_KEY
from stellwerk.domain.text import one_line
from stellwerk.plugins.choosing import Standing
from stellwerk.plugins.discovery import OWN, State
from stellwerk.providers.pricing import Price
from stellwerk.providers.probing import Probe

PLAYBOOKS: Final = "playbooks"
_STYLES: Final = {"ready": "green", "unready": "yellow", "off": "dim", "broken": "red"}
_COLUMNS: Final = (
    Column("PROVIDER"),
    Column("MODEL", style="cyan"),
    Column("INPUT", right=True),
    Column("OUTPUT", right=True),
    Column("CACHED", right=True),
    Column("FROM", style="dim", shrinks=True),
)
SHAPE: Final = """\
[[price]]
provider = "openai"    # or "*", which stands for all of them
model = "gpt-5-mini"   # without the date of its version; or "*"
input = 0.25           # US dollars for a million tokens of questions
output = 2.0           # ... of answers, reasoning included
cached = 0.025         # ... of questions from the provider's cache (as input if left out)"""


def providers_text(
    standings: Sequence[Standing], asked: Sequence[str], wanted: Sequence[str], ink: Ink
) -> str:
    """Return who can plan, with the next step for those who cannot.

    Args:
        standings: How it stands with each.
        asked: The names of those that `stellwerk plan` asks, in order, as far as they can be.
        wanted: `[ai] providers`.
        ink: Colours.
    """
    wide = max((len(one_line(each.name)) for each in standings), default=0)
    lines: list[str] = []
    for each in standings:
        state = state_of(each)
        head, *more = _told(each, asked)
        name = f"{one_line(each.name):<{wide}}"
        lines.append(f"{ink(_STYLES[state], f'{state:<8}')} {name}  {ink('dim', head)}")
        lines += [f"{'':<{wide + 9}}  {ink('dim', line)}" for line in more]
    order = ", ".join(asked) or "nobody"
    setting = f"[ai] providers = {', '.join(wanted)}"
    return "\n".join(
        [*lines, "", f"Asked in this order: {order} {ink('dim', f'({setting})')}"]
    )


def provider_data(each: Standing, asked: Sequence[str]) -> dict[str, Any]:
    """Return how it stands with a provider as JSON data."""
    plugin = each.plugin
    return {
        "name": each.name,
        "state": state_of(each),
        "asked": asked.index(each.name) + 1 if _is_asked(each, asked) else None,
        "model": each.model or None,
        "base_url": each.base_url or None,
        "key": each.key or None,
        "distribution": f"{plugin.distribution} {plugin.version}" if plugin else None,
        "reason": each.reason or None,
        "hint": hint_of(each) or None,
    }


def state_of(each: Standing) -> str:
    """Return the state of a provider in a word."""
    if each.usable:
        return "ready"
    state = each.plugin.state if each.plugin else State.READY
    return "unready" if state is State.READY else state.value


def hint_of(each: Standing) -> str:
    """Return what to do about a provider that cannot be asked."""
    if each.plugin and each.plugin.state is State.BROKEN and not each.hint:
        return f"pip install --upgrade {each.plugin.distribution}"
    return each.hint


def prices_text(prices: Sequence[Price], dated: str, own: Path | None, ink: Ink) -> str:
    """Return prices as a table, and how to write one's own."""
    rows = [
        [
            one_line(each.provider),
            one_line(each.model),
            *(f"{number:,.6g}" for number in (each.input, each.output, each.cached)),
            "here" if each.source == dated else one_line(each.source),
        ]
        for each in prices
    ]
    columns = _COLUMNS if own else _COLUMNS[:-1]
    head = f"US dollars for a million tokens: list prices of {dated}, without discounts."
    where = (
        f"{own} (ai.prices) goes before them. Its shape:"
        if own
        else "Prices of your own go before them: a file that ai.prices names, of this shape."
    )
    shape = [f"  {line}" for line in SHAPE.split("\n")]
    lines = table(columns, [row[: len(columns)] for row in rows], 10_000, ink)
    return "\n".join([head, "", *lines, "", where, "", *shape])


def prices_data(prices: Sequence[Price], dated: str, own: Path | None) -> dict[str, Any]:
    """Return prices as JSON data."""
    return {
        "date": dated,
        "file": str(own) if own else None,
        "prices": [each._asdict() for each in prices],
    }


def probe_text(done: Probe, ink: Ink) -> str:
    """Return what a test call said."""
    usage, name = done.usage, one_line(done.provider)
    answer = "42, as it should be" if done.right else "a wrong sum, but in the right form"
    rows = [("Model", one_line(done.model) or UNKNOWN)]
    rows += [("At", one_line(done.base_url))] if done.base_url else []
    rows += [("JSON", _mode(done))] if done.mode else []
    rows += [
        ("Answer", f"{answer}, after {done.seconds:.1f} s"),
        ("Tokens", f"{_count(usage.input_tokens)} in, {_count(usage.output_tokens)} out"),
        ("Cost", UNKNOWN if usage.cost_micro is None else dollars(usage.cost_micro)),
    ]
    rows += [("Request", one_line(done.request_id))] if done.request_id else []
    lines = [f"{ink('dim', f'{word:<8}')} {value}" for word, value in rows]
    return "\n".join([f"{ink('green', name)} works.", *lines])


def probe_data(done: Probe) -> dict[str, Any]:
    """Return what a test call said as JSON data."""
    return {
        "provider": done.provider,
        "asked": True,
        "model": done.model or None,
        "base_url": done.base_url or None,
        "mode": done.mode,
        "refused_modes": list(done.refused),
        "seconds": round(done.seconds, 3),
        "input_tokens": done.usage.input_tokens,
        "output_tokens": done.usage.output_tokens,
        "cost_micro": done.usage.cost_micro,
        "request_id": done.request_id or None,
        "right": done.right,
    }


def offline_data(provider: str) -> dict[str, Any]:
    """Return, in the form of `probe_data`, that there was nobody to ask."""
    unknown = ("model", "base_url", "mode", "seconds", "input_tokens", "output_tokens")
    return {
        "provider": provider,
        "asked": False,
        **dict.fromkeys((*unknown, "cost_micro", "request_id", "right")),
        "refused_modes": [],
    }


def _told(each: Standing, asked: Sequence[str]) -> Iterator[str]:
    """Yield what is to be said of a provider, a line each."""
    if not each.usable:
        yield one_line(each.reason)
        if hint := hint_of(each):
            yield f"→ {one_line(hint)}"
        return
    parts = [one_line(each.model)] if each.model else []
    if each.name == PLAYBOOKS:
        parts.append("plans offline, with nobody's help")
    elif each.plugin and each.plugin.distribution != OWN:
        parts.append(f"of {each.plugin.distribution} {each.plugin.version}")
    parts += [f"key: {one_line(each.key)}"] if each.key else []
    if not _is_asked(each, asked):
        parts.append(f"only with --provider {one_line(each.name)}, or in ai.providers")
    yield ", ".join(parts) or "its first model"
    if each.base_url and each.base_url != _usual(each.name):
        yield f"at {one_line(each.base_url)}"


def _is_asked(each: Standing, asked: Sequence[str]) -> bool:
    return each.usable and each.name in asked


def _usual(name: str) -> str:
    """Return the address a provider has where nothing else is configured."""
    setting = BY_KEY.get(f"ai.{name}.base_url")
    return str(setting.default or "") if setting else ""


def _mode(done: Probe) -> str:
    told = {
        "schema": "held to a schema",
        "json": "held to JSON",
        "text": "by the prompt alone",
    }
    assert done.mode
    if not done.refused:
        return told[done.mode]
    return f"{told[done.mode]}; it does not know {', '.join(done.refused)}"


def _count(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}"
