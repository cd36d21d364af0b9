"""Names of fields: what models write in place of ours, in English and German."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from stellwerk.planning.replies.places import Place, quoted

Names = Mapping[str, str]
"""Field by plain name."""

_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


def plain(name: str) -> str:
    """Return a name without case, blanks, underscores and dashes."""
    return re.sub(r"[\W_]+", "", name[:100].casefold())


def names(table: str) -> Names:
    """Return the names in a table: a field a line, its other names behind a colon."""
    found: dict[str, str] = {}
    for line in table.strip().splitlines():
        field, _, others = line.partition(":")
        for name in (field, *others.split()):
            found.setdefault(plain(name), field.strip())
    return found


def named(value: Mapping[str, Any], known: Names, place: Place) -> dict[str, Any]:
    """Return an object with its fields under our names; unknown ones are left out.

    Our own name comes before other ones, and an earlier one that holds something before a
    later one.
    """
    fields = set(known.values())
    found = {name: value[name] for name in value if name in fields}
    for name, each in value.items():
        field = None if name in fields else known.get(plain(name))
        if field is None or found.get(field) not in _EMPTY:
            continue
        if each in _EMPTY and field in found:
            continue
        found[field] = each
        place.note(f"{quoted(name)} read as {field}")
    return found


TITLE: Final = "title: titel name label bezeichnung headline überschrift caption"
TEXT: Final = "description: beschreibung desc details text inhalt erläuterung about goal"
KEY: Final = "key: id ref uid nr number schlüssel kennung nummer"

STRUCTURE: Final = names(
    """
    title: titel goal goal_title ziel zielname name plan_title
    description: beschreibung overview überblick zusammenfassung summary
    prologue: prolog intro introduction einleitung vorwort
    rallying_cry: motto battle_cry schlachtruf leitspruch slogan
    unit_hours: hours_per_unit stunden_pro_einheit einheit_stunden
    routes: nodes route_list routen strecken knoten stations abschnitte milestones vertices phases
    edges: connections links kanten verbindungen dependencies abhängigkeiten transitions arcs
    decisions: switches weichen entscheidungen decision_points entscheidungspunkte gates
    """
)
ROUTE: Final = names(
    f"""
    {KEY} route_id node_id route_key
    {TITLE} route
    {TEXT}
    kind: type typ art
    next: successors leads_to nachfolger followed_by then
    previous: predecessors depends_on dependencies requires needs vorgänger abhängig_von after
    tasks: aufgaben steps schritte
    """
)
EDGE: Final = names(
    """
    before: from source tail start von from_route_id from_route from_id predecessor quelle
    after: to target head end nach to_route_id to_route to_id successor ziel
    """
)
DECISION: Final = names(
    """
    at: from route node from_route_id from_route from_node route_id after_route an bei von strecke
    title: titel question frage name label decision entscheidung
    prompt: description beschreibung context kontext criteria hinweis explanation
    options: choices alternatives branches optionen möglichkeiten alternativen ways
    recommended: recommendation default suggested empfehlung empfohlen preferred
    chosen: chosen_option_index chosen_index default_option_index recommended_index
    """
)
OPTION: Final = names(
    """
    to: target route route_id to_route_id to_route next leads_to head ziel nach strecke route_key
    index: route_index
    label: title titel name option text bezeichnung choice
    tradeoff: tradeoffs consequence consequences description beschreibung rationale abwägung
    probability: likelihood prob chance wahrscheinlichkeit p
    recommended: is_recommended default empfohlen preferred
    """
)
TASKS: Final = names(
    "tasks: aufgaben task_list to_dos steps schritte subtasks items teilaufgaben aktivitäten"
)
TASK: Final = names(
    f"""
    {KEY} task_id task_key
    {TITLE} task aufgabe
    {TEXT} notes notizen
    packages: work_packages arbeitspakete pakete
    """
)
PACKAGES: Final = names(
    "packages: work_packages arbeitspakete pakete package_list items work_items"
)
PACKAGE: Final = names(
    f"""
    {KEY} package_id package_key work_package_id
    {TITLE} package work_package arbeitspaket
    summary: kurzfassung zusammenfassung description beschreibung overview überblick
    steps: schritte step_list ablauf vorgehen procedure actions how instructions
    done_when: definition_of_done dod checklist checkliste acceptance_criteria criteria kriterien fertig_wenn akzeptanzkriterien erledigt_wenn
    risks: risiken stolpersteine pitfalls risk
    sources: quellen links resources ressourcen references urls source
    images: bilder pictures image image_urls
    length: länge laenge umfang aufwand effort size dauer duration
    grade: grad schwierigkeit difficulty difficulty_level schwierigkeitsgrad komplexität complexity
    hours: stunden estimate schätzung effort_hours estimated_hours
    elapsed_days: elapsed kalendertage calendar_days wartezeit lead_time
    needs: depends_on dependencies requires prerequisites voraussetzungen benötigt abhängigkeiten
    notes: markdown notizen content inhalt body details
    """
)
RISK: Final = names(
    """
    risk: risiko title titel name description beschreibung problem what
    mitigation: countermeasure measure measures gegenmaßnahme gegenmassnahme maßnahme massnahme response action lösung abhilfe plan
    """
)
SOURCE: Final = names(
    "url: link href uri quelle adresse src image\ntitle: titel name text label alt"
)
HOURS: Final = names(
    """
    p10: low min minimum optimistic best best_case optimistisch
    p50: mid median mode likely most_likely expected typical wahrscheinlich realistic realistisch
    p90: high max maximum pessimistic worst worst_case pessimistisch
    """
)
REVIEW: Final = names(
    """
    summary: zusammenfassung overall assessment fazit verdict gesamturteil
    problems: issues findings probleme mängel befunde comments weaknesses
    """
)
PROBLEM: Final = names(
    """
    key: ref id item location where stelle reference
    quote: zitat excerpt text original
    problem: issue finding description beschreibung mangel befund message
    change: suggestion fix vorschlag änderung recommendation proposed_change
    severity: schwere schweregrad priority level importance
    confidence: sicherheit konfidenz certainty sure
    """
)
