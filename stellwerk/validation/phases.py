"""When in the life of a thing something is done to it: verbs of titles, English and German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ORDER: Final = (
    (0.0, "choose select pick wählen auswählen aussuchen"),
    (1.0, "design draft sketch outline specify entwerfen skizzieren konzipieren"),
    (2.0, "build write create make buy order book hire install program code paint sew bake record "
          "bauen schreiben kaufen bestellen buchen einstellen installieren programmieren malen "
          "nähen backen aufnehmen erstellen herstellen anlegen"),
    (3.0, "cut mix test proofread edit revise rehearse inspect testen korrigieren überarbeiten proben "
          "lektorieren abnehmen"),
    (4.0, "launch publish open deliver release submit sell ship send present announce print "
          "veröffentlichen eröffnen abgeben liefern verkaufen verschicken einreichen vorführen "
          "drucken"),
    (5.0, "celebrate evaluate maintain retire dismantle feiern auswerten warten abbauen"),
)  # fmt: skip

PHASES: Final[Mapping[str, float]] = {
    form: phase
    for phase, verbs in _ORDER
    for verb in verbs.split()
    for form in (verb, f"{verb.removesuffix('e')}ing", f"{verb.removesuffix('e')}ed")
}
"""Verb to phase; a deed of a later phase takes up what one of an earlier phase made."""
