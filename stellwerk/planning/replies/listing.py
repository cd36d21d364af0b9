"""Lists where a model wrote text, objects or nothing; risks and sources from text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from stellwerk.domain.limits import MAX_NOTES
from stellwerk.planning.replies import scalars
from stellwerk.planning.replies.naming import RISK, SOURCE, Names, named
from stellwerk.planning.replies.places import Place, quoted
from stellwerk.planning.replies.tidying import MAX_ITEMS

_NUMBERED: Final = re.compile(r"\s*\(?(\d{1,3})[.):][ \t]+(?=\S)")
_MARK: Final = re.compile(
    rf"{_NUMBERED.pattern}|\s*(?:[-*+•–·‣▪][ \t]+(?=\S)|[☐☑✓✔✅][ \t]*(?=\S)|\[[ xX]?\][ \t]*(?=\S))"
)
_MARKS: Final = re.compile(rf"(?>(?:{_MARK.pattern})*)")
_INLINE: Final = re.compile(r"(?:^|\s)\(?(\d{1,3})[.)]\s+")
_DOTS: Final = re.compile(r"[\s.…]+")
_ARROW: Final = re.compile(r"\s{0,9}(?:→|⇒|-{1,2}>|–>|=>)\s{0,9}")
_MITIGATION: Final = re.compile(
    r"[\s;,.(\[–-]{0,9}\b(?:mitigation|mitigated by|countermeasures?|measures?|response|"
    r"gegenma(?:ß|ss)nahmen?|ma(?:ß|ss)nahmen?|abhilfe|lösung|vorbeugung)\s*:\s*",
    re.IGNORECASE,
)
_RISK_LABEL: Final = re.compile(r"^(?:risk|risiko)\s*\d*\s*:\s*", re.IGNORECASE)
_URL: Final = re.compile(
    r"https?://[^\s<>()\[\]\"'“”|]*[^\s<>()\[\]\"'“”|.,;:!?]", re.IGNORECASE
)
_TITLED: Final = re.compile(r"!?\[([^\[\]]*)\]\(\s*(https?://[^\s()]+)[^()]*\)", re.IGNORECASE)
_ITEM: Final = ("text", "title", "step", "schritt", "criterion", "kriterium", "name", "item")
_ITEM_TEXTS: Final = (*_ITEM, "description", "beschreibung", "action", "value", "content")


def texts(value: Any, place: Place) -> Any:
    """Return a list of texts from a list, a text with items, an object or nothing."""
    if value is None:
        return []
    if isinstance(value, str):
        place.note("one text split into items")
        return texts(split(value), place)
    if isinstance(value, dict):
        place.note("an object read as the list of its values")
        value = list(value.values())
    if not isinstance(value, list):
        return value
    flat = list(_flat(value))
    if len(flat) == 1 and isinstance(flat[0], str) and len(parts := split(flat[0])) > 1:
        place.note("one text split into items")
        flat = parts
    items = [_text(each) for each in flat if each not in (None, "", [], {})]
    for at, item in enumerate(items):
        if isinstance(item, str) and item and _DOTS.fullmatch(item) and item.strip():
            (place / at).wrong("dots stand for something left out; write it in full")
    return _unmarked(items, place)


def split(text: str) -> list[str]:
    """Return the items of a text: marked lines, lines, numbers within a line, semicolons.

    A text with more items than anything has is one item.
    """
    parts = _parts(text) if len(text) <= MAX_NOTES else []
    return parts if 0 < len(parts) <= MAX_ITEMS or not text.strip() else [text.strip()]


def _parts(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and (parts := _in_line(text)):
        return parts
    if any(_MARK.match(line) for line in lines):
        return _marked(lines)
    if len(lines) > 1:
        return [line.strip() for line in lines]
    for mark in ("•", ";"):
        if text.count(mark):
            return [part.strip() for part in text.split(mark) if part.strip()]
    return []


def _in_line(text: str) -> list[str]:
    """Return the items of `1) Throw 2) Catch`, none if the numbers do not count up from 1."""
    found = list(_INLINE.finditer(text))
    if len(found) < 2 or [int(mark[1]) for mark in found] != list(range(1, len(found) + 1)):
        return []
    if (lead := text[: found[0].start()].strip()) and not lead.endswith(":"):
        return []
    ends = [*(mark.start() for mark in found[1:]), len(text)]
    return [text[m.end() : end].strip(" ;,") for m, end in zip(found, ends, strict=True)]


def objects(value: Any, known: Names, head: str, place: Place) -> Any:
    """Return a list of objects from a list, an object of objects, texts or nothing.

    A text becomes an object with it as the field `head`; a name above an object or a text,
    unless it is one of the `known` fields, becomes its `key`.
    """
    if value is None:
        return []
    if isinstance(value, str):
        place.note("one text split into items")
        value = _unmarked(split(value), place)
    if isinstance(value, dict):
        value = _members(value, known, head, place)
    if not isinstance(value, list):
        return value
    value = _unmarked(value, place)
    found = []
    for at, each in enumerate(each for each in value if each not in (None, "")):
        if isinstance(each, str):
            (place / at).note(f"a text read as {head}")
        found.append({head: each.strip()} if isinstance(each, str) else each)
    return found


def _members(value: dict[str, Any], known: Names, head: str, place: Place) -> list[Any]:
    """Return the members of an object, or the object itself if it is one member."""
    if value and all(isinstance(each, dict) for each in value.values()):
        place.note("an object read as the list of its values")
        return [{"key": key, **each} for key, each in value.items()]
    texts_alone = bool(value) and all(isinstance(each, str) for each in value.values())
    if texts_alone and not named(value, known, Place()):
        place.note("an object read as the list of its values")
        return [{"key": key, head: each} for key, each in value.items()]
    if not value:
        return []
    place.note("one object read as a list")
    return [value]


def risks(value: Any, place: Place) -> Any:
    """Return risks with their mitigations from objects, pairs or texts."""
    if isinstance(value, dict) and value and not named(value, RISK, Place()):
        place.note("an object read as pairs of risk and mitigation")
        value = [{"risk": risk, "mitigation": told} for risk, told in value.items()]
    found = objects(value, RISK, "risk", place)
    if not isinstance(found, list):
        return found
    return [_risk(each, place / at) for at, each in enumerate(found)]


def _risk(value: Any, place: Place) -> Any:
    if not isinstance(value, dict):
        return value
    fields = named(value, RISK, place)
    if not fields and len(value) == 1:
        (risk, told), *_ = value.items()
        place.note("a pair read as risk and mitigation")
        return {"risk": risk, "mitigation": told}
    risk = fields.get("risk")
    if isinstance(risk, str) and not fields.get("mitigation"):
        fields.update(_parted(risk))
    scalars.set_texts(fields, ("risk", "mitigation"), place)
    return fields


def _parted(text: str) -> dict[str, str]:
    """Return risk and mitigation of `risk -> mitigation` or `Risk: ... Mitigation: ...`."""
    text = _RISK_LABEL.sub("", text.strip())
    for mark in (_MITIGATION, _ARROW):
        if (found := mark.search(text)) and found.start():
            mitigation = text[found.end() :].strip().rstrip(")]")
            return {"risk": text[: found.start()].strip(), "mitigation": mitigation}
    return {}


def sources(value: Any, place: Place) -> Any:
    """Return URLs with titles from objects or texts; a text without a URL is left out."""
    found = objects(value, SOURCE, "url", place)
    if not isinstance(found, list):
        return found
    made = []
    for at, each in enumerate(found):
        source = named(each, SOURCE, place / at) if isinstance(each, dict) else each
        if isinstance(source, dict) and isinstance(url := source.get("url"), str):
            source = {**source, **_located(url)}
        if isinstance(source, dict) and not source.get("url"):
            (place / at).note(
                f"left out, for it has no URL: {quoted(source.get('title', ''))}"
            )
        else:
            made.append(source)
    return made


def _located(text: str) -> dict[str, str]:
    """Return URL and title of `[Title](URL)`, `Title: URL` or `URL (Title)`."""
    if not re.search(r"\s|^!?\[", text.strip()):
        return {}
    if found := _TITLED.search(text):
        return {"url": found[2], "title": found[1].strip()}
    if found := _URL.search(text):
        title = f"{text[: found.start()]} {text[found.end() :]}".strip(" \t\n-–—:()<>[]|,;.")
        return {"url": found[0], **({"title": title} if title else {})}
    return {"url": "", "title": text.strip()}


def _flat(value: list[Any]) -> Iterator[Any]:
    for each in value:
        if isinstance(each, list):
            yield from each
        else:
            yield each


def _text(value: Any) -> Any:
    """Return the text of an item: of an object, its text and what it says beyond it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return quoted(value, 100)
    if not isinstance(value, dict):
        return value
    fields = {str(key).casefold(): each for key, each in value.items()}
    told = [fields[name] for name in _ITEM_TEXTS if isinstance(fields.get(name), str)]
    told = list(dict.fromkeys(each.strip() for each in told if each.strip()))
    if told:
        return ": ".join(told[:2])
    return value


def _marked(lines: list[str]) -> list[str]:
    """Return the items of marked lines; a line without a mark goes on with the one before."""
    items: list[str] = []
    for line in lines:
        if mark := _MARK.match(line):
            items.append(_bare(line[mark.end() :]))
        elif items:
            items[-1] = f"{items[-1]} {line.strip()}"
        elif not line.rstrip().endswith(":"):
            items.append(line.strip())
    return items


def _unmarked(items: list[Any], place: Place) -> list[Any]:
    """Return items without their marks if each has one."""
    if not items or not all(isinstance(each, str) and _MARK.match(each) for each in items):
        return items
    place.note("numbers and bullets taken off the items")
    return [_bare(each) for each in items]


def _bare(text: str) -> str:
    marks = _MARKS.match(text)
    return text[marks.end() if marks else 0 :].strip()
