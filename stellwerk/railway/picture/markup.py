"""Elements of XML as text; whatever is put into them is escaped."""

from __future__ import annotations

import re
from typing import Final

from stellwerk.domain.text import one_line

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Return one line of text, without what no XML may hold."""
    return _NOT_XML.sub("", one_line(text))


def escaped(text: str) -> str:
    """Return one line of text that XML and HTML show as it is, in content and attributes."""
    from html import escape

    return escape(plain(text))


def element(name: str, *content: str, **attributes: object) -> str:
    """Return an element.

    Args:
        name: Of the element.
        content: Markup inside it, as it is: texts come from `escaped`.
        attributes: By name, `_` for `-` and at the end dropped; those that are empty are left out.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value != ""
    )
    inner = "".join(content)
    return f"<{name}{told}>{inner}</{name}>" if inner else f"<{name}{told}/>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escaped(str(value))


def text(content: str, x: float, y: float, class_: str, **attributes: object) -> str:
    """Return an element of text whose base line begins at a point."""
    return element("text", escaped(content), x=x, y=y, class_=class_, **attributes)
