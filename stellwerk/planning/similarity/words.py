"""The words of a goal, as far as they decide whether two goals are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*[^\W\d_]*|[^\W_]+[+#]*")
_SIGNS: Final = str.maketrans({"€": " euro ", "$": " usd ", "£": " gbp ", "%": " percent "})
_PHRASES: Final = (
    (re.compile(r"n[’']t\b"), " not"),
    (re.compile(r"\bgiv(?:e|ing) up\b"), "quit"),
    (re.compile(r"\blay(?:ing)? off\b"), "fire"),
    (re.compile(r"\brent(?:ing)? out\b"), "let"),
    (re.compile(r"\b(?:less|fewer) than\b|\bweniger als\b"), "under"),
    (re.compile(r"\bmore than\b|\bmehr als\b"), "over"),
    (re.compile(r"\binstead of\b|\brather than\b|\banstelle von\b|\banstatt\b"), "instead"),
    (re.compile(r"\b(?:learn|lernen) to (?:speak|play)\b"), "learn"),
)

LIGHT: Final = frozenset(
    """
    a an the my our your his her their its this that these those i we you me us it myself
    ourselves yourself of in on at by for and or as within during until till per via about
    is are am be been will would want wants like wish need needs should could can how please
    finally really just also own successfully goal language some any myself
    der die das den dem des ein eine einen einem einer eines mein meine meinen meiner meinem
    unser unsere unseren unserem dein deine ihr ihre sein seine ich wir mich uns mir man es sich
    zum zur im in ins am an auf aus bei beim bis für fuer und oder als um werden wird will möchte
    moechte wollen soll sollen kann können koennen endlich richtig bitte eigene eigenes eigenen
    eigener innerhalb binnen auch etwas ziel sprache dass
    """.split()
)
"""Words that two goals may have or lack and still be the same."""

NEGATIONS: Final = frozenset(
    "not no without never none non nothing nicht kein keine keinen keinem keiner ohne nie niemals"
    " nichts".split()
)
MARKERS: Final = {
    **dict.fromkeys(("from", "von", "vom"), "from"),
    **dict.fromkeys(("to", "into", "nach", "zu"), "to"),
    **dict.fromkeys(("instead", "statt"), "instead"),
    **dict.fromkeys(("before", "vor"), "before"),
    **dict.fromkeys(("after",), "after"),
    **dict.fromkeys(("against", "gegen"), "against"),
    **dict.fromkeys(("than",), "than"),
    **dict.fromkeys(("with", "mit"), "with"),
    **dict.fromkeys(NEGATIONS, "without"),
}
"""Words that give those after them a part to play."""

_SAME: Final = """
learn study|launch release ship|build create make develop code program|buy purchase
organise organize plan arrange organisieren planen ausrichten veranstalten|write author|start begin commence anfangen beginnen starten|stop quit cease
improve enhance|reduce cut lower decrease|renovate refurbish remodel|move relocate
repair fix mend|hire recruit|fire dismiss|flat apartment|car automobile|bike bicycle
child kid children|holiday vacation|trip journey|photo photograph|website webpage homepage webseite
under below unter|over above über|thesis dissertation doktorarbeit|lose shed|finish complete
lernen erlernen|bauen erstellen entwickeln programmieren|kaufen anschaffen erwerben
schreiben verfassen
aufhören aufgeben|umziehen ziehen|entlassen feuern|auto wagen pkw|fahrrad rad|urlaub ferien
laufen rennen|veröffentlichen herausbringen|reparieren richten
run running ran|wedding marriage hochzeit|garden gardens garten
"""
_OPPOSITE: Final = """
start stop|hire fire|buy sell|increase reduce|gain lose|more less|over under|up down|open close
on off|join leave|win lose|enter exit|lend borrow|teach learn|accept reject|raise lower
import export|rent let|save spend|add remove|enable disable|attend skip|marry divorce
kaufen verkaufen|einstellen entlassen|anfangen aufhören|zunehmen abnehmen|öffnen schließen
mehr weniger|lehren lernen|mieten vermieten|einführen abschaffen|sparen ausgeben|gewinnen verlieren
"""
_ENDINGS: Final = ("ies", "ing", "es", "ed", "en", "em", "s", "e", "n")


def normalised(text: str) -> str:
    """Return a goal as it is compared: case, spaces and punctuation at its ends do not count."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded.strip(" .,;:!?…\"'“”„«»")


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a goal in order, signs of units spelled out."""
    folded = normalised(text).translate(_SIGNS)
    for pattern, word in _PHRASES:
        folded = pattern.sub(word, folded)
    return _TOKEN.findall(folded)


def stem(word: str) -> str:
    """Return a word without its endings, two at most, as far as three letters stay."""
    return _shorter(_shorter(word))


def _shorter(word: str) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and re.search("[aeiouyäöü]", rest):
            if ending == "ies":
                return f"{rest}y"
            if ending in ("ing", "ed") and rest[-1] == rest[-2]:
                return rest[:-1]
            return rest
    return word


@lru_cache(maxsize=4096)
def meaning(word: str) -> str:
    """Return the stem of the first word of a class that means the same."""
    return _CLASSES.get(stem(word), stem(word))


def _table(text: str) -> Iterator[list[str]]:
    for entry in text.casefold().replace("\n", "|").split("|"):
        if words := entry.split():
            yield [stem(word) for word in words]


_CLASSES: Final = {word: words[0] for words in _table(_SAME) for word in words}
OPPOSITES: Final = tuple(
    (_CLASSES.get(one, one), _CLASSES.get(other, other)) for one, other in _table(_OPPOSITE)
)
"""Pairs of meanings that turn a goal round."""
