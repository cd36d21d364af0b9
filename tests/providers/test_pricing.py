"""What calls cost: exact where it is known, unknown where it is not, never nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.errors import ConfigError
from stellwerk.planning.models import Usage
from stellwerk.providers.pricing import load_prices

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("provider", "model", "micro"),
    [
        ("openai", "gpt-5-mini", 2_250_000),
        ("openai", "gpt-5-mini-2025-08-07", 2_250_000),
        ("openai", "gpt-5", 11_250_000),
        ("anthropic", "claude-sonnet-4-6", 18_000_000),
        ("anthropic", "claude-opus-4-6-20260205", 30_000_000),
        ("ollama", "whatever:8b", 0),
    ],
)
def test_known_models_have_their_price(provider: str, model: str, micro: int):
    """For a million tokens in and a million out."""
    price = load_prices().price(provider, model)
    assert price is not None
    assert price.cost(Usage(MILLION, MILLION)) == micro


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai", "gpt-5-mini-tuned"), ("openai", "gpt-99"), ("compatible", "gpt-5"), ("x", "")],
)
def test_an_unknown_model_has_no_price(provider: str, model: str):
    """Not even that of a model with a similar name."""
    assert load_prices().price(provider, model) is None


def test_what_comes_from_the_providers_cache_is_cheaper():
    """The rest is charged in full."""
    price = load_prices().price("openai", "gpt-5")
    assert price is not None
    assert price.cost(Usage(1000, 0, cached_tokens=400)) == 600 * 1.25 + 400 * 0.125


@pytest.mark.parametrize("usage", [Usage(), Usage(10, None), Usage(None, 10)])
def test_without_tokens_the_cost_is_not_known(usage: Usage):
    """Half of them are not enough."""
    price = load_prices().price("openai", "gpt-5")
    assert price is not None
    assert price.cost(usage) is None


def test_a_price_of_ones_own_goes_first(tmp_path: Path):
    """For a model that is unknown, or known wrongly."""
    own = tmp_path / "prices.toml"
    own.write_text(
        '[[price]]\nprovider = "openai"\nmodel = "gpt-5"\ninput = 1\noutput = 2\n'
        '[[price]]\nmodel = "mine"\ninput = 0.5\noutput = 0.5\ncached = 0.1\n'
    )
    prices = load_prices(own)
    first, mine = prices.price("openai", "gpt-5"), prices.price("openai-compatible", "mine")
    assert first is not None
    assert mine is not None
    assert (first.input, first.output, first.source) == (1, 2, str(own))
    assert mine.cost(Usage(MILLION, 0, cached_tokens=MILLION)) == 100_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "is no table of prices"),
        ("x = 1", "'price'"),
        ('[[price]]\nmodel = "m"', "'input'"),
        ('[[price]]\nmodel = "m"\ninput = -1\noutput = 1', "US dollars"),
        ('[[price]]\nmodel = "m"\ninput = nan\noutput = 1', "US dollars"),
        ('[[price]]\nmodel = "m"\ninput = "free"\noutput = 1', "could not convert"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, told: str):
    """With the file, what is wrong, and what it should look like."""
    own = tmp_path / "prices.toml"
    own.write_text(text)
    with pytest.raises(ConfigError, match=told) as caught:
        load_prices(own)
    assert str(own) in caught.value.message


def test_a_table_that_is_not_there_is_named(tmp_path: Path):
    """The setting is, too."""
    with pytest.raises(ConfigError, match="No such file") as caught:
        load_prices(tmp_path / "none.toml")
    assert "ai.prices" in caught.value.hint
