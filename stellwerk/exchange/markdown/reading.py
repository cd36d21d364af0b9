"""A plan read from Markdown: strict about what carries a marker, lenient about the rest.

What has a marker must be right to the letter. A heading or checkbox without one is a new
item that a person wrote by hand; other text belongs to the item above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from stellwerk.domain.births import Births
from stellwerk.domain.notes import tidy
from stellwerk.domain.text import clean, one_line
from stellwerk.errors import ExchangeError
from stellwerk.exchange.document import MAX_ITEMS, Document, refuse_size
from stellwerk.exchange.markdown.assembly import assembled
from stellwerk.exchange.markdown.blocks import Block, Kind, blocks, front_matter
from stellwerk.exchange.markdown.markers import Fields, unescaped
from stellwerk.exchange.markdown.outline import Entry, Outline
from stellwerk.exchange.markdown.writing import FORMAT, VERSION, labels, promoted

_SHELTER: Final = re.compile(
    r"^([ \t]*)\\(?=\\*(?:#{1,6}(?:\s|$)|```|~~~))|^([ \t]*[-*+][ \t]+)\\(?=\\*\[)",
    re.MULTILINE,
)
_BRACKET: Final = re.compile(r"^\\(?=\\*\[)")
_MARKER: Final = "<!-- stellwerk "
_CLOSING: Final = re.compile(r"(^|[ \t])\\(?=\\*#+$)")


def read(files: Mapping[str, str], births: Births) -> Document:
    """Return the plan in a folder's files, or in the one file there is.

    Raises:
        ExchangeError: With file and line, if they are not a plan.
    """
    main = "index.md" if "index.md" in files else next(iter(files), "")
    if not main:
        raise ExchangeError("There is no Markdown file to read.")
    table, text = _front(main, files[main])
    front = Fields(f"{main}:1", table)
    routes = front.texts("routes")
    extra = {name: table.pop(name) for name in ("playbook",) if name in table}
    outline = Outline(front, Entry("goal", front.where, None, "", front))
    _Reader(outline).feed(main, text)
    named = [name for name in dict.fromkeys(routes) if name in files and name != main]
    for name in [*named, *sorted(files.keys() - {main, *named})]:
        refuse_size(name, files[name])
        _Reader(outline).feed(name, files[name])
    return assembled(outline, births, extra)


def _front(name: str, text: str) -> tuple[dict[str, Any], str]:
    refuse_size(name, text)
    table, rest = front_matter(name, text)
    if table.pop("format", None) != FORMAT:
        msg = f"{name}:1: this is not a Stellwerk plan: it lacks format = {FORMAT!r}."
        raise ExchangeError(msg, "Plans are exported with `stellwerk export`.")
    version = table.pop("version", None)
    if version != VERSION:
        msg = f"{name}:1: it has version {version!r} of the format; this Stellwerk reads {VERSION}."
        raise ExchangeError(msg, "Upgrade Stellwerk, or export the plan again.")
    return table, rest


class _Reader:
    """Takes the blocks of one file and hangs them where they belong."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._route: Entry | None = None
        self._owner: Entry | None = None
        self._level = 0
        self._people = False

    def feed(self, name: str, text: str) -> None:
        """Read a file."""
        for block in blocks(name, clean(text)):
            self._outline.count += 1
            if self._outline.count > MAX_ITEMS:
                raise ExchangeError(f"{block.where}: more than {MAX_ITEMS:,} blocks.")
            if block.kind is Kind.HEADING:
                self._heading(block)
            elif block.kind is Kind.ITEM and self._item(block):
                continue
            else:
                self._describe(block)

    def _heading(self, block: Block) -> None:
        kind = _kind_of(block.ref)
        if kind is None:
            self._unmarked(block)
        elif kind == "people":
            self._people, self._owner, self._route = True, None, None
        elif kind == "route":
            self._open_route(block)
        elif kind in ("task", "switch") and self._route:
            self._open_part(block, kind)
        else:
            msg = f"{block.where}: {block.ref} does not belong here."
            raise ExchangeError(msg, "Tasks and decisions stand below the heading of a route.")

    def _unmarked(self, block: Block) -> None:
        """Take a heading without a marker: the goal's title, or something new."""
        goal = self._outline.goal
        if not goal.title and not self._route:
            title = _CLOSING.sub(lambda m: m[1], one_line(block.text))
            goal.title, self._owner = title, goal
        elif block.level == (self._level or _level_in(block.name)):
            self._open_route(block)
        elif self._route and block.level > self._level:
            self._open_part(block, "task")
        else:
            msg = f"{block.where}: the heading “{block.text[:60]}” fits nowhere."
            raise ExchangeError(
                msg, "A new route has the level of the other routes' headings."
            )

    def _open_route(self, block: Block) -> None:
        self._people, self._level = False, block.level
        self._route = self._owner = _entry("route", block)
        self._outline.routes.append(self._route)

    def _open_part(self, block: Block, kind: str) -> None:
        self._owner = _entry(kind, block)
        if kind == "switch":
            self._owner.title = _without_label(self._owner.title)
        if self._route:
            self._route.parts.append(self._owner)

    def _item(self, block: Block) -> bool:
        """Take a list item if it is part of the plan; say if it was."""
        kind, owner = _kind_of(block.ref), self._owner
        unmarked = kind is None
        if self._people and (unmarked or kind == "person"):
            self._outline.people.append(_entry("person", block))
            return True
        above = owner.kind if owner else None
        if above == "task" and (kind == "package" or (unmarked and block.ticked is not None)):
            self._hang("package", block)
        elif above == "switch" and kind == "option":
            self._hang("option", block)
        elif not unmarked:
            msg = f"{block.where}: {block.ref} does not belong here."
            raise ExchangeError(
                msg, "Work packages stand below a task, options below a decision."
            )
        return not unmarked or (above == "task" and block.ticked is not None)

    def _hang(self, kind: str, block: Block) -> None:
        """Add an item to the one above it."""
        if self._owner:
            self._owner.parts.append(_entry(kind, block))
            self._owner.stop = block.stop

    def _describe(self, block: Block) -> None:
        """Add a block to the description it stands in, with the blank lines before it."""
        owner = self._owner
        if owner is None:
            msg = f"{block.where}: this text belongs to nothing: {block.source[:60]}"
            raise ExchangeError(msg, "Put it below a heading of the plan.")
        _refuse_markers(block, block.source, block.start)
        text = unescaped(_SHELTER.sub(lambda m: m[1] or m[2] or "", block.source))
        gap = "\n" * (block.start - owner.stop + 1) if owner.pieces else ""
        owner.pieces += gap, text
        owner.stop = block.stop


def _entry(kind: str, block: Block) -> Entry:
    _refuse_markers(block, block.body, block.start + 1)
    text = unescaped(block.body).strip("\n")
    fields = block.fields or Fields(block.where, {})
    if kind == "package":
        text = tidy(text if fields.take("flat", bool, default=False) else promoted(text))
    title = one_line(block.text)
    if kind in ("option", "person") and block.ticked is None:
        title = _BRACKET.sub("", title)
    if not title:
        raise ExchangeError(f"{block.where}: this {kind} has no title.")
    return Entry(
        kind, block.where, block.ref, title, fields, block.ticked, [text] if text else []
    )


def _refuse_markers(block: Block, text: str, start: int) -> None:
    """Refuse a marker in running text or notes, where its item would be lost."""
    for at, line in enumerate(text.split("\n") if _MARKER in text else (), start + 1):
        if _MARKER in line:
            msg = f"{block.name}:{at}: this marker stands on no heading and no list item."
            raise ExchangeError(
                msg, "Give its line back its `##` or `- [ ]`, not indented, or delete it."
            )


def _kind_of(ref: str | None) -> str | None:
    if ref is None or ref == "people":
        return ref
    kinds = {"r": ("route", "task", "package"), "d": ("switch", "option"), "p": ("person",)}
    family = kinds.get(ref[:1], ())
    depth = ref.count(".")
    return family[depth] if depth < len(family) else "unknown"


def _without_label(title: str) -> str:
    words = (f"{labels(language)[1]}: " for language in ("en", "de"))
    return next((title.removeprefix(word) for word in words if title.startswith(word)), title)


def _level_in(name: str) -> int:
    """Return the level of routes in a file that has shown none yet, 0 if it may have any."""
    return 1 if name.startswith("routes/") else 0
