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
    r"^([ \t]*)\\(?=\\*#{1,6}(?:\s|$))|^([ \t]*[-*+][ \t]+)\\(?=\\*\[)", re.MULTILINE
)


def read(files: Mapping[str, str], births: Births) -> Document:
    """Return the plan in a folder's files, or in the one file there is.

    Raises:
        ExchangeError: With file and line, if they are not a plan.
    """
    main = "index.md" if "index.md" in files else next(iter(files), "")
    if not main:
        raise ExchangeError("There is no Markdown file to read.")
    table, text = _front(main, files[main])
    routes = table.pop("routes", [])
    extra = {name: table.pop(name) for name in ("playbook",) if name in table}
    front = Fields(main, table)
    outline = Outline(front, Entry("goal", main, None, "", front))
    _Reader(outline).feed(main, text)
    named = [name for name in routes if isinstance(name, str) and name in files]
    for name in [*named, *sorted(files.keys() - {main, *named})]:
        refuse_size(name, files[name])
        _Reader(outline).feed(name, files[name])
    return assembled(outline, births, extra)


def _front(name: str, text: str) -> tuple[dict[str, Any], str]:
    refuse_size(name, text)
    table, rest = front_matter(name, text)
    if table.pop("format", None) != FORMAT:
        msg = f"{name} is not a Stellwerk plan: its front matter lacks format = {FORMAT!r}."
        raise ExchangeError(msg, "Plans are exported with `stellwerk export`.")
    version = table.pop("version", None)
    if version != VERSION:
        msg = f"{name} has version {version!r} of the format; this Stellwerk reads {VERSION}."
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
        self._count = 0

    def feed(self, name: str, text: str) -> None:
        """Read a file."""
        for block in blocks(name, clean(text)):
            self._count += 1
            if self._count > MAX_ITEMS:
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
            goal.title, self._owner = one_line(block.text), goal
        elif self._level and block.level == self._level:
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
        if self._people:
            self._outline.people.append(_entry("person", block))
        elif (
            owner and owner.kind == "task" and (kind == "package" or block.ticked is not None)
        ):
            owner.parts.append(_entry("package", block))
        elif owner and owner.kind == "switch" and kind == "option":
            owner.parts.append(_entry("option", block))
        elif kind is None:
            return False
        else:
            msg = f"{block.where}: {block.ref} does not belong here."
            raise ExchangeError(
                msg, "Work packages stand below a task, options below a decision."
            )
        return True

    def _describe(self, block: Block) -> None:
        """Add a block to the description it stands in, with the blank lines before it."""
        owner = self._owner
        if owner is None:
            msg = f"{block.where}: this text belongs to nothing: {block.source[:60]}"
            raise ExchangeError(msg, "Put it below a heading of the plan.")
        text = unescaped(_SHELTER.sub(lambda m: m[1] or m[2] or "", block.source))
        gap = "\n" * (block.start - owner.stop + 1) if owner.text else ""
        owner.text += gap + text
        owner.stop = block.stop


def _entry(kind: str, block: Block) -> Entry:
    text = unescaped(block.body).strip("\n")
    fields = block.fields or Fields(block.where, {})
    if kind == "package":
        text = tidy(text if fields.take("flat", bool, default=False) else promoted(text))
    title = one_line(block.text)
    if not title:
        raise ExchangeError(f"{block.where}: this {kind} has no title.")
    return Entry(kind, block.where, block.ref, title, fields, block.ticked, text)


def _kind_of(ref: str | None) -> str | None:
    if ref is None or ref == "people":
        return ref
    kinds = {"r": ("route", "task", "package"), "d": ("switch", "option"), "p": ("person",)}
    family = kinds.get(ref[:1], ())
    depth = ref.count(".")
    return family[depth] if depth < len(family) else "unknown"


def _without_label(title: str) -> str:
    for language in ("en", "de"):
        title = title.removeprefix(f"{labels(language)[1]}: ")
    return title
