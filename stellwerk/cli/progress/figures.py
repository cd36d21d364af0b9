"""What calls used, as people say it; what is not known is a lower bound or said to be unknown."""

from __future__ import annotations

from stellwerk.cli.figures import amount, dollars
from stellwerk.planning.progress import Spent

__all__ = ["amount", "cost", "dollars", "tokens"]


def cost(spent: Spent, least: str = "≥ ") -> str:
    """Return what calls cost; `least` stands before a sum that may be higher."""
    if spent.unpriced >= spent.calls:
        return "cost unknown"
    return f"{least if spent.unpriced else ''}{dollars(spent.cost_micro)}"


def tokens(spent: Spent, least: str = "≥ ") -> str:
    """Return the tokens of questions and answers, or that nobody knows them."""
    if spent.unmeasured >= spent.calls:
        return "tokens unknown"
    more = least if spent.unmeasured else ""
    told = f"{more}{amount(spent.input_tokens)} tokens in"
    return f"{told}, {more}{amount(spent.output_tokens)} out"
