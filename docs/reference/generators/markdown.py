"""Markdown that all generated pages are made of, and what docstrings say of fields."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence

NOTE = "<!-- Made by docs/reference/generate.py: change the code, not this page. -->"


def document(title: str, *parts: str) -> str:
    """Return a page with a title; empty parts are left out."""
    return "\n\n".join([NOTE, f"# {title}", *(part for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; without rows an empty text."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines) if len(lines) > 2 else ""


def code(text: object) -> str:
    """Return text as inline code, nothing for an empty one."""
    return f"`{text}`" if f"{text}" else ""


def fenced(text: str, language: str = "") -> str:
    """Return text as a code block."""
    return f"```{language}\n{text.rstrip()}\n```"


def prose(text: str) -> str:
    """Return paragraphs of a docstring, each on one line."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def summary(kind: type) -> str:
    """Return the docstring of a class up to its first section."""
    text = inspect.cleandoc(kind.__doc__ or "")
    return prose(re.split(r"^(?:Attributes|Raises|Args):\n", text, flags=re.MULTILINE)[0])


def attributes(kind: type) -> Mapping[str, str]:
    """Return what the `Attributes` section of a class says of each field."""
    text = inspect.cleandoc(kind.__doc__ or "")
    found = re.search(r"^Attributes:\n((?:[ ]+.*\n?)+)", text, flags=re.MULTILINE)
    if not found:
        return {}
    lines = re.sub(r"\n[ ]{8,}", " ", inspect.cleandoc(f"\n{found[1]}".replace("\t", "    ")))
    joined = re.sub(r"\n[ ]+", " ", lines)
    return dict(re.findall(r"^(\w+): (.*)$", joined, flags=re.MULTILINE))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
