"""Whether a noun phrase ends with a keyword of a playbook, and is not a thing of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from stellwerk_playbooks.clauses import words_of

_GENERIC: Final = frozenset(
    (
        "product tool service company business project platform version prototype "
        "produkt werkzeug dienst firma unternehmen projekt plattform fassung prototyp"
    ).split()
)  # fmt: skip
"""Nouns that say nothing of the kind: a SaaS product is a SaaS."""
_OTHER_KINDS: Final = {
    "marathon": "movie film netflix tv series serien reading hackathon gaming lese kino",
    "race": "arms rat space political human",
    "language": "programming body query scripting markup design pattern machine",
    "sprache": "programmier körper abfrage auszeichnungs bild zeichen",
    "book": "address guest phone colouring coloring cheque check cash order sketch",
    "buch": "adress gäste tage telefon haushalts sparr fahrten kassen",
    "house": "bird doll dog tree tiny play opera auction publishing bouncy",
    "home": "nursing care motor second",
    "kitchen": "soup mud play toy community",
    "party": "political search third",
    "party's": "political",
    "job": "paint nose print cron batch",
    "bar": "chocolate protein progress search menu pull",
    "garden": "kinder",
    "run": "test dry trial production print milk school",
    "game": "board card party drinking dice ball",
    "extension": "house kitchen loft hair eyelash deadline visa",
    "tool": "garden power gardening hand",
    "driver": "screw device printer graphics",
    "fair": "funfair",
    "ball": "foot basket snow",
    "system": "immune solar irrigation alarm stereo filing sprinkler heating nervous",
}
"""A bird house is no house, and nobody runs a film marathon."""
_ON_THE_WEB: Final = frozenset(
    "online web virtual digital internet ecommerce dropshipping etsy shopify app".split()
)
_NO_DOING: Final = frozenset(
    "thing everything nothing something anything king ring wing spring building wedding".split()
)
"""What ends with -ing and is nothing to do."""
_PLACES: Final = frozenset(
    (
        "shop store studio school gallery boutique business bookshop practice laden geschäft "
        "schule galerie praxis handel"
    ).split()
)
"""Places that exist on the web too, where they need another plan."""


def keywords_in(
    head: list[str], keywords: tuple[str, ...], language: str, *, making: bool = False
) -> Iterator[str]:
    """Yield the keywords that a head ends with.

    Args:
        head: Lower-case words of a noun phrase.
        keywords: Of a playbook.
        language: `en` or `de`.
        making: Whether generic nouns at its end are left out: a SaaS *product*.
    """
    ends = [head]
    while making and len(ends[-1]) > 1 and ends[-1][-1] in _GENERIC:
        ends.append(ends[-1][:-1])
    while len(ends[-1]) > 1 and ends[-1][-1].isdigit():
        ends.append(ends[-1][:-1])
    glue = language == "de"
    if glue and head and head[-1] in ("sprechen", "spielen", "beherrschen"):
        ends.append(head[:-1])
    for keyword, words in spelt(keywords):
        if keyword.startswith("-"):
            if len(head) == 1 and head[0].endswith(words) and head[0] not in _NO_DOING:
                yield keyword
            continue
        if any(_ends(end, words, glue=glue) and not _another(end, words) for end in ends):
            yield keyword


@lru_cache(maxsize=256)
def spelt(keywords: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return keywords with the words they consist of."""
    return tuple((keyword, tuple(words_of(keyword))) for keyword in keywords)


def _ends(head: list[str], keyword: tuple[str, ...], *, glue: bool) -> bool:
    """Whether a head ends with a keyword, in the singular or the plural."""
    count = len(keyword)
    if not count or len(head) < count or not _in_order(head[:-1], keyword[:-1]):
        return False
    word, last = head[-1], keyword[-1]
    if word == last or word in (f"{last}s", f"{last}es") or last == f"{word}s":
        return True
    if not glue:
        return last.endswith("y") and word == f"{last[:-1]}ies"
    endings = tuple(f"{last}{ending}" for ending in ("", "s", "n", "en"))
    return word in endings or (count == 1 and len(last) > 4 and word.endswith(endings[:2]))


def _in_order(words: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether some words are among others, in their order: the *web* shop *app*."""
    rest = iter(words)
    return all(word in rest for word in wanted)


def _another(head: list[str], keyword: tuple[str, ...]) -> bool:
    """Whether the words before a keyword make it a thing of another kind."""
    last, before = keyword[-1], head[: len(head) - len(keyword)]
    others = _OTHER_KINDS.get(last, "").split()
    inside = head[-1].removesuffix(last)
    if inside != head[-1] and any(inside.startswith(other) for other in others if inside):
        return True
    if set(others) & set(before):
        return True
    web = bool(_ON_THE_WEB & {*before, inside.rstrip("-")})
    return last in _PLACES and web and not _ON_THE_WEB & set(keyword)
