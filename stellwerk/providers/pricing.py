"""What calls cost, in millionths of a US dollar; a model without a price costs an unknown sum.

The table is data: `prices.toml`, dated, and a file of the user's own that goes before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from stellwerk.errors import ConfigError
from stellwerk.planning.models import Usage

_OWN: Final = Path(__file__).with_name("prices.toml")
_MOST_BYTES: Final = 1_000_000
_DATE: Final = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8})$")


class Price(NamedTuple):
    """What a model costs, in US dollars for a million tokens.

    Attributes:
        provider: Whose model it is, or `*`.
        model: Its name, without the date of a version; `*` for every model.
        input: For tokens of the question.
        output: For tokens of the answer, those of reasoning included.
        cached: For tokens of the question that the provider has in its cache.
        source: The date of the table it stands in, or the file.
    """

    provider: str
    model: str
    input: float
    output: float
    cached: float
    source: str

    def fits(self, provider: str, model: str) -> bool:
        """Whether it is the price of a model."""
        if self.provider not in ("*", provider):
            return False
        return self.model in ("*", model)

    def cost(self, usage: Usage) -> int | None:
        """Return what a call cost; None if it is not known what it used."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        cached = min(usage.cached_tokens or 0, usage.input_tokens)
        fresh = usage.input_tokens - cached
        return round(
            fresh * self.input + cached * self.cached + usage.output_tokens * self.output
        )

    def most(self, input_tokens: int, output_tokens: int) -> int:
        """Return the most a call can cost."""
        return round(input_tokens * self.input + output_tokens * self.output)


class Prices:
    """Prices by provider and model.

    Args:
        prices: Of two for the same model the first one counts.
    """

    def __init__(self, prices: Sequence[Price]) -> None:
        self.prices = tuple(prices)

    def price(self, provider: str, model: str) -> Price | None:
        """Return the price of a model, or None if it is not known."""
        short = model.rpartition("/")[2]
        names = (model, _DATE.sub("", model), short, _DATE.sub("", short))
        fitting = (
            price for name in names for price in self.prices if price.fits(provider, name)
        )
        return next(fitting, None)


def load_prices(own: Path | None = None) -> Prices:
    """Return the prices of the bundled table, a user's own before them.

    Raises:
        ConfigError: The user's own cannot be read or is none.
    """
    mine = _read(own, str(own)) if own else []
    data = tomllib.loads(_OWN.read_text(encoding="utf-8"))
    dated: date = data["date"]
    return Prices([*mine, *_prices(data, dated.isoformat())])


def _read(path: Path, name: str) -> list[Price]:
    try:
        content = path.read_bytes()
        if len(content) > _MOST_BYTES:
            raise ConfigError(f"{name} is too large for a table of prices.")
        return _prices(tomllib.loads(content.decode("utf-8")), name)
    except OSError as error:
        msg = f"The prices cannot be read from {name}: {error.strerror or error}."
        raise ConfigError(msg, "Correct ai.prices, or unset it.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{name} is no table of prices: {error}."
        hint = "It has entries `[[price]]` with provider, model, input and output."
        raise ConfigError(msg, hint) from error


def _prices(data: dict[str, Any], source: str) -> list[Price]:
    return [_price(entry, source) for entry in data["price"]]


def _price(entry: dict[str, Any], source: str) -> Price:
    given, asked = float(entry["input"]), float(entry["output"])
    cached = float(entry.get("cached", given))
    if not all(0 <= each < 1e6 for each in (given, asked, cached)):
        raise ValueError("a price is a number of US dollars for a million tokens")
    provider, model = str(entry.get("provider", "*")), str(entry["model"])
    return Price(provider, model, given, asked, cached, source)
