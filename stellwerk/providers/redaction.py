"""Keys taken out of text before it is printed, logged or reported.

Known keys go wherever they stand and however they are written there; what merely looks like
a key goes too.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from string import ascii_letters, digits
from typing import Any, Final
from urllib.parse import quote, quote_plus

MASK: Final = "***"
SHORTEST: Final = 6
"""A known key that is shorter is no secret: it would be found in half of all words."""
_TELLING: Final = 12
"""So many characters of a key that was cut off give it away, if they are half of it."""
_BASE64: Final = frozenset(ascii_letters + digits + "+/-_=")
_NAMES: Final = r"(?:api[-_ ]?key|access[-_]?key|subscription[-_]?key|token|secret|password)"
_HEADER: Final = (
    r"""(?:proxy-)?authorization\\?["']?(?:\s{0,3}[:=]\s{0,3}|,\s?(?=b?["']))b?\\?["']?"""
)
"""Before the value of the header, also as a pair and within JSON within JSON."""
_VALUE: Final = r"""[^\s"'\\,;<>]"""
_LOOKS: Final = (
    (r"(?<![A-Za-z0-9])(?:sk[-_]|[pr]k_(?:live|test)_)[\w*.…-]{7,}[\w*]", MASK),
    (
        r"(?<![A-Za-z0-9])(?:gsk|xai|hf|pplx|r8|gh[oprsu]|github_pat|glpat)[-_][\w*-]{16,}",
        MASK,
    ),
    (r"AIza[\w-]{16,}", MASK),
    (r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])", MASK),
    (r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*", MASK),
    (rf"(?i)({_HEADER}(?:basic|bearer|token|key) +)(?!\*\*\*){_VALUE}{{4,}}", rf"\1{MASK}"),
    (rf"(?i)({_HEADER})(?={_VALUE}{{20}}|{_VALUE}*\d){_VALUE}{{8,}}", rf"\1{MASK}"),
    (r"(\bB(?:earer|EARER) +)[\w.~+/=*-]{8,}", rf"\1{MASK}"),
    (r"(?i)(\bbearer +)(?=\S*\d|\S{20})[\w.~+/=*-]{8,}", rf"\1{MASK}"),
    (
        rf"(?i)({_NAMES}s?\W{{1,6}}(?:\w{{1,12}}\W{{1,4}}){{0,2}})[\w.~+/=*-]{{31,}}[\w+/=*-]",
        rf"\1{MASK}",
    ),
    (
        r"(?i)([?&;](?:[\w-]{0,20}[-_])?(?:key|apikey|token|secret|password|sig|signature)=)"
        r"""(?!\*\*\*)[^&;\s"'#<>\\]+""",
        rf"\1{MASK}",
    ),
    (
        r"""(://)(?!\*\*\*@)(?=[^/\s@"'<>]*:|[^/\s@"'<>]{8})[^/\s@"'<>]{1,512}@""",
        rf"\1{MASK}@",
    ),
)
_PATTERNS: Final = tuple((re.compile(pattern), mask) for pattern, mask in _LOOKS)
_HIDDEN: Final = re.compile(
    rf"(?i)(?:[\w-]*[-_.])?{_NAMES}|(?:proxy-)?authorization|(?:set-)?cookie|(?:\w+_)?dsn"
)
"""Names of values that are hidden whatever they look like."""


def _percent(text: str) -> str:
    return quote(text, safe="", errors="replace")


_WRITTEN: Final[tuple[Callable[[str], str], ...]] = (
    _percent,
    lambda text: re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), text),
    lambda text: quote(text, errors="replace"),
    lambda text: quote_plus(text, errors="replace"),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: repr(text)[1:-1],
    html.escape,
)


class Redactor:
    """Takes known keys, and what looks like one, out of text.

    Args:
        secrets: The known keys; those shorter than `SHORTEST` are left alone.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= SHORTEST}
        self._plain = tuple(
            sorted({form for key in known for form in _forms(key)}, key=_longest)
        )
        self._cores = tuple(
            sorted({core for key in known for core in _cores(key)}, key=_longest)
        )

    def __repr__(self) -> str:
        return f"<redactor of {len(self._plain)} texts>"

    def scrub(self, text: str) -> str:
        """Return text with `***` for each key; without keys it is the same."""
        text = self.without_known(text)
        masked = text
        for pattern, mask in _PATTERNS:
            masked = pattern.sub(mask, masked)
        return masked if masked == text else self.without_known(masked)

    def without_known(self, text: str) -> str:
        """Return text with `***` for each known key, and nothing else changed."""
        while spans := _merged(self._spans(text)):
            parts, at = [], 0
            for start, end in spans:
                parts += [text[at:start], MASK]
                at = end
            text = "".join([*parts, text[at:]])
        return text

    def scrub_data(self, data: Any) -> Any:
        """Return JSON data with every text in it scrubbed, and values named as keys hidden."""
        if isinstance(data, str):
            return self.scrub(data)
        if isinstance(data, Mapping):
            return {self.scrub(str(name)): self._value(name, data[name]) for name in data}
        if isinstance(data, list | tuple | set | frozenset):
            return [self.scrub_data(each) for each in data]
        if data is None or isinstance(data, bool | int | float):
            return data
        return self.scrub(str(data))

    def _value(self, name: object, value: Any) -> Any:
        if isinstance(value, str) and value and _HIDDEN.fullmatch(str(name)):
            return MASK
        return self.scrub_data(value)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        for form in self._plain:
            head = form[: max(_TELLING, -(-len(form) // 2))]
            start = text.find(head)
            while start >= 0:
                size = len(head)
                while size < len(form) and text.startswith(form[size], start + size):
                    size += 1
                yield start, start + size
                start = text.find(head, start + 1)
        for core in self._cores:
            end = 0
            while (start := text.find(core, end)) >= 0:
                end = start + len(core)
                while start and text[start - 1] in _BASE64:
                    start -= 1
                while end < len(text) and text[end] in _BASE64:
                    end += 1
                yield start, end


def _forms(key: str) -> set[str]:
    """Return a key in each way it may be written, twice over: JSON in JSON, and so on."""
    forms = {key}
    for _ in range(2):
        forms |= {write(form) for form in forms for write in _WRITTEN}
    return forms


def _cores(key: str) -> Iterator[str]:
    """Yield what base64 makes of a key wherever it stands in what is encoded."""
    raw = key.encode("utf-8", "surrogatepass")
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            whole = encode(bytes(before) + raw).decode().rstrip("=")
            yield whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
