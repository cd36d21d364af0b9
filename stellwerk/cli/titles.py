"""Titles as typed: words joined, cleaned, neither empty nor endless."""

from __future__ import annotations

from collections.abc import Sequence

from stellwerk.domain.limits import MAX_TITLE
from stellwerk.domain.text import one_line
from stellwerk.errors import UsageError


def titled(words: Sequence[str]) -> str:
    """Return the title that some words make.

    Raises:
        UsageError: It is empty or longer than titles are.
    """
    title = one_line(" ".join(words))
    if not any(char.isprintable() and not char.isspace() for char in title):
        raise UsageError("The title is empty.", "Type some words.")
    if len(title) > MAX_TITLE:
        msg = f"The title has {len(title)} characters; titles have at most {MAX_TITLE}."
        raise UsageError(msg, "Put the rest into the notes: `stellwerk edit REF`.")
    return title
