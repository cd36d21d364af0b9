"""Words of English and German plans that carry no meaning of their own.

`FILLER` is what a line may consist of and still say nothing: function words, verbs and
nouns that fit every project, and praise. Adding a word makes `vague` findings likelier,
so a word belongs here only if no step can be carried out by it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_FUNCTION_EN: Final = """
a an the this that these those it its they them their there here we our us you your i my me he she
his her who what when where how why which whose and or but nor so yet if then than as at by for from
in into of off on onto out over per to up upon via with within without about above after again
against all also although always among any are aren be because been before being below between both
can cannot could did do does doing done don't down during each either else ever every few further
had has have having hence however is isn may maybe might more most much must near neither never no
non not now often once only other others otherwise ought own perhaps rather same shall should
since some someone something soon still such therefore though through thus too under until unless
very was wasn were while will would yes yourself themselves itself anything everything everyone
nothing along across around whether onto first second third last next
"""
_FUNCTION_DE: Final = """
der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner es sie er
wir ihr ich du man uns euch mich dich sich ihm ihn ihnen mein meine meinen meiner dein deine dein
sein seine seinen seiner ihre ihren ihrer unser unsere unseren euer und oder aber denn sondern doch
wenn falls dann als wie wo wer was wann warum weshalb welche welcher welches welchen ob dass daß
damit weil da um zu zum zur im in ins an am ans auf aus bei beim bis durch für gegen hinter mit nach
neben ohne seit über unter unterm von vom vor vorm während wegen zwischen ab pro je jede jeder jedes
jeden jedem alle allen aller alles einige mehrere manche etwas nichts nicht nie noch nur schon auch
sehr so sonst wieder immer oft hier dort da dabei dafür daran darauf daraus darin darüber davon dazu
ist sind war waren wird werden wurde wurden worden sei seien hat haben hatte hatten kann können
konnte könnte muss müssen soll sollen sollte sollten darf dürfen mag möchte will wollen würde
diese dieser dieses diesen diesem jene jener beide beiden andere anderen anderer selbst erste
ersten zweite letzte nächste nächsten bereits dort
"""
_VERBS_EN: Final = """
achieve act add address adjust analyse analyze apply approach arrange ask assess assign assure be
become begin brainstorm bring build-up carry check choose clarify collect come communicate complete
conduct confirm consider continue coordinate cover create deal decide define deliver describe design
determine develop discuss do document ensure establish evaluate examine execute explore finalise
finalize find finish follow gather generate get give go handle have help identify implement improve
include investigate iterate keep know launch-off lead learn-more leverage list look maintain make
manage meet monitor need note obtain optimise optimize organise organize outline perform pick plan
prepare proceed produce provide pursue put reach read receive recheck record refine repeat report
research resolve respond review revise run see select set setup share show solve specify start stay
stop study summarise summarize support take talk think track try understand update use utilise
utilize validate verify wait work write wrap
"""
_VERBS_DE: Final = """
achten analysieren anfangen anlegen anpassen anschauen arbeiten auswerten auswählen beachten beginnen
bearbeiten behandeln beobachten berücksichtigen beschreiben besprechen bestimmen bewerten definieren
dokumentieren durchführen einholen einplanen einrichten entscheiden entwickeln erarbeiten erfassen
erledigen ermitteln erreichen erstellen evaluieren fertigstellen festhalten festlegen finden folgen
geben gehen gewährleisten halten helfen identifizieren informieren klären kommen kommunizieren
koordinieren kümmern lernen lesen lösen machen managen nutzen optimieren organisieren planen prüfen
recherchieren reden reflektieren sammeln schaffen schauen schreiben sehen sicherstellen sprechen
starten testen tun überarbeiten überlegen überprüfen übernehmen umsetzen unterstützen verbessern
verfolgen vergleichen verstehen verwenden vorbereiten vorgehen wählen wiederholen wissen zusammenfassen
zusammenstellen abschließen abstimmen anwenden aufbauen beenden
durchzuführen einzurichten festzulegen sicherzustellen umzusetzen vorzubereiten abzuschließen
"""
_NOUNS_EN: Final = """
activity action actions activities approach area areas aspect aspects background basics basis benefit
case challenge challenges change changes communication completion component components concept
content context data deadline delay delays deliverable deliverables detail details development
difficulty difficulties documentation documents effort efforts element elements end environment
error errors everything evaluation example examples execution expectation expectations expert
experts factor factors feedback findings foundation framework function functionality goal goals
guideline guidelines idea ideas implementation improvement improvements info information initial
input insight insights issue issues item items job knowledge list lot management market material
materials matter measure measures method methods milestone milestones motivation notes objective
objectives obstacle obstacles opportunity option options outcome outcomes output overview package
part parties part-time parts people person phase phases plan planning plans point points practice
practices preparation priorities priority problem problems process processes progress project
projects purpose quality question questions reason requirement requirements research resource
resources responsibilities responsibility result results review reviews risk risks role roles
schedule scope skill skills solution solutions stage stakeholder stakeholders standard standards
status step steps strategies strategy structure stuff subject success summary support system task
tasks team teams technique techniques test testing thing things thought thoughts time timeline tool
tools topic topics understanding user users version way ways work workflow tip tips everyone anyone
date dates cost costs budget money quality place situation type types kind level need needs
"""
_NOUNS_DE: Final = """
ablauf aktion aktionen aktivität aktivitäten anforderung anforderungen ansatz ansätze arbeit arbeiten
arbeitspaket aspekt aspekte aufgabe aufgaben aufwand basis bedarf bedingungen beispiel beispiele
bereich bereiche beteiligte beteiligten budget daten detail details dinge dokument dokumentation
dokumente durchführung entscheidung entscheidungen entwicklung ergebnis ergebnisse ergebnissen
erfolg erfahrung erfahrungen erwartung erwartungen fehler feedback frage fragen funktion funktionen
geld grundlage grundlagen hindernis hindernisse hilfsmittel idee ideen information informationen
inhalt inhalte klarheit kommunikation kosten konzept kriterien leute lösung lösungen maßnahme
maßnahmen material materialien meilenstein meilensteine methode methoden mittel motivation möglichkeit
möglichkeiten nutzen optionen ordnung paket person personen phase phasen plan plans plänen planung
priorität prioritäten problem probleme problemen projekt projekte projekts prozess prozesse prüfung
punkt punkte qualität rahmen recherche ressource ressourcen risiken risiko rolle rollen rückmeldung
sache sachen schritt schritte schritten situation stand status strategie struktur team teams teil
teile termin termine test tests thema themen tipps überblick umfang umsetzung unterlagen verzögerung
verzögerungen verantwortlichkeiten vorbereitung vorgehen vorgehensweise wege weg werkzeuge wissen zeit
zeitplan ziel ziele zielen zeitaufwand zusammenfassung
"""
_PRAISE_EN: Final = """
able accordingly accurate accurately active actively actual additional adequate appropriate
appropriately available aware basic best better big broad careful carefully clean clear clearly
closely common comprehensive concrete consistent consistently correct correctly critical current
detailed different direct easily easy effective effectively efficient efficiently enough essential
excellent existing expected extensive fast final fine flexible full fully functional general good
great happy hard helpful high high-quality ideal important individual initially involved key large
latest long main major many measurable minor modern nice normal open optimal overall perfect
planned poor positive possible potential proper properly quick quickly ready realistic reasonable
regular regularly relevant reliable respective robust satisfactory satisfied satisfying simple
small smart smooth smoothly solid special specific stable strong successful successfully sufficient
suitable sustainable thorough thoroughly timely top typical unclear unexpected unforeseen useful
usual valid valuable various well well-defined working ok okay insufficient lacking lack missing
proven alternative certain suited fits fit agreed approved accepted implemented identified completed finished finalised finalized documented
defined reviewed tested met achieved understood executed satisfied handled resolved delivered
underestimated overestimated unavailable unrealistic incomplete limited technical external internal
"""
_PRAISE_DE: Final = """
aktiv aktuell aktuelle aktuellen allgemein allgemeine angemessen angemessene ausführlich ausreichend
ausreichende beste besten besser bekannt bereit detailliert detaillierte direkt effektiv effizient
eigene eigenen einfach einfache einzelne einzelnen endgültig entsprechend entsprechende entsprechenden
erfolgreich erforderlich erforderliche erforderlichen fertig flexibel geeignet geeignete geeigneten
genau genaue genug gut gute guten guter gutes hoch hohe hoher ideal individuell klar klare klaren
konkret konkrete konkreten korrekt kritisch langfristig leicht möglich mögliche möglichen möglichst
nachhaltig neu neue neuen notwendig notwendige notwendigen nötig nötige nötigen offen optimal optimale
passend passende passenden perfekt positiv praktisch professionell qualitativ realistisch regelmäßig
relevant relevante relevanten richtig richtige sauber schnell sinnvoll sorgfältig stabil stark
technisch technische übersichtlich umfassend umfassende unerwartet unerwartete unvorhergesehene
verschiedene verschiedenen verständlich viel viele vollständig vollständige weitere weiteren wichtig
wichtige wichtigen wichtigsten zufrieden zufriedenstellend zeitnah zuverlässig unklar unklare
abgeschlossen erledigt erreicht geprüft definiert dokumentiert erstellt festgelegt vorhanden erfüllt
umgesetzt funktioniert besprochen abgestimmt berücksichtigt geklärt fehlende mangelnde fehlt
geplant zu wenig unzureichend unterschätzt läuft gelöst
"""

_NUMBERS: Final = """
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand
half dozen eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend
halbe halben dutzend
"""


def _set(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.split())


def _forms(text: str, *endings: str) -> Iterator[str]:
    """Yield each verb with its regular forms; one form too many does no harm."""
    for word in text.split():
        bare = word.removesuffix("e")
        yield word
        yield from (f"{bare}{ending}" for ending in endings)
        yield f"{word}{word[-1]}ing"


FUNCTION_WORDS: Final = _set(_FUNCTION_EN, _FUNCTION_DE)
"""Words without which a sentence keeps its meaning."""

NUMBERS: Final = _set(_NUMBERS)
"""Words that make a line countable."""

FILLER: Final = (
    FUNCTION_WORDS
    | _set(_VERBS_EN, _VERBS_DE, _NOUNS_EN, _NOUNS_DE, _PRAISE_EN, _PRAISE_DE)
    | frozenset(_forms(_VERBS_EN, "s", "es", "ed", "d", "ing"))
)
"""Words of which a line can consist and still say nothing."""
