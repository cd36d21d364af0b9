"""Notes as HTML: Markdown without raw HTML, images as links, links to http and https alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from stellwerk.domain.text import clean

if TYPE_CHECKING:
    from markdown_it.token import Token

_URL: Final = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]]")
_WEB: Final = re.compile(r"https?://[^\s]", re.IGNORECASE)
_LEVEL: Final = 2
"""How much deeper headings lie in the page than in a note."""
_BOXES: Final = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def rendered(text: str) -> str:
    """Return a note as HTML that is safe to put into a page."""
    shown = clean(text)
    return _renderer()(shown).strip() if shown.strip() else ""


@cache
def _renderer() -> Callable[[str], str]:
    """Return what renders notes; markdown-it is imported for who needs it."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.validateLink = _allowed  # type: ignore[method-assign]

    def render(text: str) -> str:
        tokens = markdown.parse(text)
        for token in tokens:
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{min(int(token.tag[1:]) + _LEVEL, 6)}"
            if token.children is not None:
                token.children = list(_ticked(_linked(_without_images(token.children))))
        return str(markdown.renderer.render(tokens, markdown.options, {}))

    return render


def _allowed(url: str) -> bool:
    return _WEB.match(url) is not None


def _without_images(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens with links in place of images: a page asks the network for nothing."""
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type != "image":
            yield _opened(token) if token.type == "link_open" else token
        elif inside:
            yield _text(token.content)
        else:
            source = str(token.attrs.get("src", ""))
            yield from _link(source, token.content or source)


def _linked(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield tokens with links in place of bare addresses."""
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in {"link_open", "link_close"} else 0
        if inside or token.type != "text":
            yield token
            continue
        end = 0
        for found in _URL.finditer(token.content):
            if found.start() > end:
                yield _text(token.content[end : found.start()])
            yield from _link(found[0], found[0])
            end = found.end()
        if token.content[end:] or not end:
            yield _text(token.content[end:])


def _ticked(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield tokens with a box in place of the mark of one at the beginning."""
    for at, token in enumerate(tokens):
        if at == 0 and token.type == "text" and token.content[:4] in _BOXES:
            yield _text(_BOXES[token.content[:4]] + token.content[4:])
        else:
            yield token


def _link(address: str, text: str) -> Iterator[Token]:
    from markdown_it.token import Token

    yield _opened(Token("link_open", "a", 1, {"href": address}))
    yield _text(text)
    yield Token("link_close", "a", -1)


def _opened(token: Token) -> Token:
    """Return the beginning of a link that tells the other side nothing of this page."""
    token.attrs = {"href": token.attrs.get("href", ""), "rel": "noopener noreferrer"}
    return token


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)
