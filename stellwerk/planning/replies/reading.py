"""The JSON data that is meant as the answer in a text, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.planning.drafts import Draft
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.replies.parsing import Read, UnreadableError, strict
from stellwerk.planning.replies.places import MAX_DEPTH, quoted
from stellwerk.planning.replies.repairing import REPAIRED_AT_MOST, lenient
from stellwerk.planning.replies.spans import Found, Span, TooDeepError, found_in
from stellwerk.planning.replies.wrapping import answer_in, frame_of, is_item

MAX_BYTES: Final = 1024 * 1024
"""The largest text that is read at all."""
_ASKED: Final = "answer with one JSON object and nothing else"
_FIRST_WORDS: Final = 300
_DO: Final = (
    r"help|assist|comply|continue|support|fulfil|engage|discuss|(?:create|provide|generate|"
    r"make|plan|do|answer)(?![^.!?]{0,40}json)"
)
_REFUSAL: Final = re.compile(
    rf"\bI(?:['’]m| am)? (?:can(?:['’]?t|not| not)|won['’]?t|will not|unable to|must decline to|"
    rf"not able to|not comfortable|have to decline)(?: \w+)? (?:{_DO})|"
    r"\bnicht (?:weiter)?(?:helfen|unterstützen|behilflich|dienen|nachkommen)\b",
    re.IGNORECASE,
)
_HTML: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE
)
_ESCAPED: Final = re.compile(r'[\[{][\s\\n]*\\"')
_OPEN_FENCE: Final = re.compile(r"(?:```|~~~)[\w-]*\s*\Z")


def read(kind: type[Draft], text: str, subject: str) -> Read:
    """Return the JSON data that is meant as the answer.

    If there are several, the last that looks like the answer counts: models think aloud
    first.

    Raises:
        UnreadableError: There is none.
    """
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise UnreadableError(FailureKind.TOO_LARGE, "is larger than 1 MiB")
    text = text.strip("\ufeff \t\r\n")
    try:
        value = strict(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        return _among_spans(kind, clean(text), subject)
    if isinstance(value, dict | list) or answer_in(kind, value, subject):
        return Read(value)
    raise _no_json(text)


def refusal(text: str) -> str:
    """Return the words of a refusal, empty if a text is none."""
    words = shortened(one_line(text), _FIRST_WORDS).rstrip(".")
    return words if _REFUSAL.search(text[: 2 * _FIRST_WORDS]) else ""


def _among_spans(kind: type[Draft], text: str, subject: str) -> Read:
    try:
        found = found_in(text)
    except TooDeepError:
        raise _too_deep() from None
    if found.cut or (not found.spans and _OPEN_FENCE.search(text)):
        problem = "ends before it is complete; answer in full, and close every bracket"
        raise UnreadableError(FailureKind.TRUNCATED, "was cut off", problem)
    best = None if _HTML.match(text) else _best(kind, found, subject)
    if best is None:
        raise _no_json(text)
    _check_balance(kind, found, text)
    return best


def _best(kind: type[Draft], found: Found, subject: str) -> Read | None:
    """Return the last answer; or all items of one, as one list; or the last object."""
    reads: list[Read] = []
    for span, each in _reads(found.spans):
        if answer_in(kind, each.value, subject) is not None:
            _check_whole(span)
            return each
        reads.insert(0, each)
    if frame_of(kind).main and any(is_item(kind, each.value) for each in reads):
        return _gathered(kind, found, reads)
    objects = [each for each in reads if each.value and isinstance(each.value, dict)]
    return objects[-1] if objects else None


def _gathered(kind: type[Draft], found: Found, reads: list[Read]) -> Read:
    """Return items that stand one after the other as one answer.

    Raises:
        UnreadableError: There is something else among them, which would be lost.
    """
    at = [number for number, each in enumerate(reads) if is_item(kind, each.value)]
    items = reads[at[0] : at[-1] + 1]
    if found.more or len(items) > len(at) or any(span.elided for span in found.spans):
        told = "is in pieces, not all of which can be read"
        raise UnreadableError(FailureKind.NOT_JSON, told, f"{told}; {_ASKED}")
    repaired = any(each.repaired for each in items)
    return Read({frame_of(kind).main: [each.value for each in items]}, repaired)


def _reads(spans: Iterable[Span]) -> Iterator[tuple[Span, Read]]:
    """Yield the data of stretches from the last to the first; None where there is none."""
    left = REPAIRED_AT_MOST
    for span in reversed(list(spans)):
        try:
            yield span, Read(_parsed(span.text))
        except (ValueError, RecursionError):
            left -= len(span.text)
            yield span, Read(lenient(span.text) if left >= 0 else None, repaired=True)


def _parsed(text: str) -> Any:
    """Return the data of a stretch, also if its quotes are escaped as in a text of JSON."""
    if _ESCAPED.match(text):
        return strict(strict(f'"{text}"'))
    return strict(text)


def _check_whole(span: Span) -> None:
    if span.elided:
        told = "leaves something out with dots; write everything in full"
        raise UnreadableError(FailureKind.NOT_JSON, "leaves something out with dots", told)


def _check_balance(kind: type[Draft], found: Found, text: str) -> None:
    """Refuse an answer that goes on behind a bracket that closes too soon."""
    if not found.continued(text):
        return
    pieces = [each.value for _, each in _reads(found.spans)]
    if found.stray or not all(is_item(kind, each) for each in pieces):
        told = "has brackets that do not match"
        raise UnreadableError(FailureKind.NOT_JSON, told, f"{told}; close each one once")


def _too_deep() -> UnreadableError:
    told = f"is nested deeper than {MAX_DEPTH} levels"
    return UnreadableError(FailureKind.INVALID, told)


def _no_json(text: str) -> UnreadableError:
    """Return the error for a text in which no answer was found."""
    if not text.strip():
        return UnreadableError(FailureKind.NOT_JSON, "is empty", f"is empty; {_ASKED}")
    if _HTML.match(text):
        return UnreadableError(FailureKind.NOT_JSON, "is a web page, not JSON")
    if words := refusal(text):
        return UnreadableError(FailureKind.REFUSED, f"is a refusal: “{words}”")
    told = f"is not JSON; it begins {quoted(text)}"
    return UnreadableError(FailureKind.NOT_JSON, told, f"is not JSON; {_ASKED}")
