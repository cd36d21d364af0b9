"""Text from outside made safe to store and print, and slugs made from it.

Control characters, escape sequences and bidirectional overrides are removed before
anything is stored (Unicode TR #36; ECMA-48 for the sequences).
"""

from __future__ import annotations

import re
from typing import Final

_SEQUENCES: Final = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
_REMOVED: Final = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS: Final = "\r\n?|[\u2028\u2029\x85]"
_JOINERS: Final = "(?<!\\S)[\u200c\u200d]+|(?<![\u200c\u200d])[\u200c\u200d]+(?!\\S)"
_LETTERS: Final = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l",
}  # fmt: skip
_SLUG_LENGTH: Final = 48


def clean(text: str) -> str:
    r"""Return text without control characters, escape sequences and bidi overrides.

    Line breaks become `\n`; tabs stay; joiners stay between visible characters.
    """
    if text.replace("\n", "").isprintable():
        return text
    text = re.sub(_BREAKS, "\n", text)
    text = re.sub(_REMOVED, "", re.sub(_SEQUENCES, "", text))
    return re.sub(_JOINERS, "", text)


def one_line(text: str) -> str:
    """Return cleaned text with every run of white space folded into one space."""
    return " ".join(clean(text).split())


def shortened(text: str, length: int) -> str:
    """Return text cut to at most `length` characters, at a word where that is near."""
    if len(text) <= length:
        return text
    head = text[: max(length - 1, 0)]
    space = head.rfind(" ")
    return (head[:space] if space > length * 0.6 else head).rstrip(" ,;:") + "…"


def slugify(title: str) -> str:
    """Return a lower-case ASCII slug of at most 48 characters, never empty."""
    import unicodedata

    text = "".join(_LETTERS.get(char, char) for char in title.lower())
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if len(slug) > _SLUG_LENGTH:
        head = slug[:_SLUG_LENGTH]
        slug = head.rsplit("-", 1)[0] if "-" in head[_SLUG_LENGTH // 2 :] else head
    return slug.strip("-") or "goal"
