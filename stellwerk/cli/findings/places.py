"""Where in a document an item stands, and the words a finding is about.

Items are found by the uid in their marker or object; those that a person wrote by hand have
none, and are found by their title.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from stellwerk.cli.documents import Source
from stellwerk.domain.plan import Plan, title_of
from stellwerk.domain.text import clean, one_line

_UID: Final = {
    "markdown": re.compile(r'<!-- stellwerk [a-z0-9.]+ \{[^>]*\buid = "([\w-]{1,64})"'),
    "json": re.compile(r'^\s*"uid": "([\w-]{1,64})"'),
}
_REF: Final = re.compile(r"<!-- stellwerk ([a-z]+[0-9]*(?:\.[0-9a-z]+)*)")
_BULLET: Final = re.compile(r"\s*(?:#{1,6}|[-*+])\s+(?:\[[ xX]\]\s+)?(.*)")
_NAMED: Final = re.compile(r"\b[rdp]\d+(?:\.\w+)*")
_BEGINNING: Final = 40
"""Characters of a quote by which its line is known; lines of prose may be broken there."""


class Place(NamedTuple):
    """A line of a file.

    Attributes:
        file: Its path; empty for standard input.
        line: From 1.
    """

    file: str
    line: int


class Places:
    """Finds findings in the texts of a document.

    Args:
        source: The texts.
        plan: The plan that was read from them, if one could be.
    """

    def __init__(self, source: Source, plan: Plan | None) -> None:
        # What reads Markdown takes long to import, and goals do without.
        from stellwerk.exchange.markdown.markers import unescaped

        self._unescaped = unescaped
        self._source = source
        self._plan = plan
        self._pattern = _UID.get(source.form, _UID["json"])
        names = [name for name in source.files if _is_read(source, name)]
        self._lines = {name: source.files[name].split("\n") for name in names}
        self._at: dict[str, tuple[str, int]] = {}
        self._titles: dict[str, tuple[str, int]] = {}
        self._stops: dict[str, list[int]] = {}
        for name, lines in self._lines.items():
            self._index(name, lines)

    def item(self, ref: str) -> Place:
        """Return where an item begins; the plan itself, and what is not found, at the top."""
        name, line = self._item(ref)
        return Place(self._source.where(name), line + 1)

    def quote(self, ref: str, words: str) -> Place:
        """Return where words of an item stand; else where it begins."""
        name, line = self._item(ref)
        wanted = one_line(clean(words))[:_BEGINNING].strip()
        if wanted:
            lines = self._lines[name]
            for at in range(line, self._stop(name, line) if ref else len(lines)):
                if wanted in one_line(self._plain(lines[at])):
                    return Place(self._source.where(name), at + 1)
        return Place(self._source.where(name), line + 1)

    def rule(self, rule: str, name: str, line: int) -> Place:
        """Return where the first item stands that a broken rule names, or the given place."""
        for ref in _NAMED.findall(rule):
            if ref in self._at:
                found, at = self._at[ref]
                return Place(self._source.where(found), at + 1)
        return Place(self._source.where(name), max(line, 1))

    def _index(self, name: str, lines: list[str]) -> None:
        stops = self._stops[name] = []
        for at, line in enumerate(lines):
            if found := self._pattern.search(line):
                self._at.setdefault(found[1], (name, at))
                stops.append(at)
            if marker := _REF.search(line):
                self._at.setdefault(marker[1], (name, at))
            elif bullet := _BULLET.fullmatch(line):
                self._titles.setdefault(one_line(self._unescaped(bullet[1])), (name, at))

    def _item(self, ref: str) -> tuple[str, int]:
        top = (self._source.main, 0)
        if self._plan is None or not ref:
            return self._at.get(ref, top)
        uid = self._plan.index.find(ref)
        if uid is None:
            return top
        title = one_line(title_of(self._plan.item(uid)))
        return self._at.get(uid) or self._titles.get(title) or top

    def _stop(self, name: str, line: int) -> int:
        """Return the line before which the text of an item ends: the next item's."""
        stops = self._stops[name]
        after = bisect_right(stops, line)
        return stops[after] if after < len(stops) else len(self._lines[name])

    def _plain(self, line: str) -> str:
        """Return a line as the plan has it."""
        if self._source.form == "json":
            return _unquoted(line)
        return self._unescaped(line)


def _unquoted(line: str) -> str:
    """Return a line of JSON with the escapes of its strings taken back."""
    if "\\" not in line:
        return line
    text = line.strip().rstrip(",")
    key, colon, value = text.partition(": ")
    try:
        return str(json.loads(value if colon and key.endswith('"') else text))
    except ValueError:
        return line


def _is_read(source: Source, name: str) -> bool:
    """Whether the importer of a document reads one of its files."""
    if len(source.files) == 1:
        return True
    if source.form == "markdown":
        return name.endswith((".md", ".markdown"))
    return name == source.main


def order_of(plan: Plan) -> Mapping[str, int]:
    """Return the place of each item's ref in the written order; the plan itself is first."""
    return {ref: at for at, ref in enumerate(("", *_written(plan)))}


def _written(plan: Plan) -> Iterator[str]:
    refs = plan.index.refs
    for route in plan.routes:
        yield refs[route.uid]
        for task in route.tasks:
            yield refs[task.uid]
            yield from (refs[package.uid] for package in task.packages)
        if switch := plan.index.switch_at.get(route.uid):
            yield refs[switch.uid]
            yield from (refs[option.uid] for option in switch.options)
    yield from (refs[person.uid] for person in plan.people)
