"""Errands: goals so small that a plan of six routes would mock them. Lexical and careful."""

from __future__ import annotations

from typing import Final

from stellwerk_playbooks.clauses import clause, heads, nouns
from stellwerk_playbooks.slots import HORIZON, Slot, told, weeks_in

_LONGEST: Final = 6.0
"""Weeks; what may take longer is no errand."""
_ANY: Final = {
    "en": (
        "buy", "book", "order", "return", "exchange", "pick up", "drop off", "call", "phone",
        "ring", "renew", "wrap", "borrow", "mow", "wash", "iron", "reserve", "reschedule", "sell",
        "bake", "collect", "donate", "defrost", "descale", "unblock", "hem", "sharpen", "laminate",
        "throw away", "give back", "hand back", "take back", "look up", "sew on", "swap out",
        "water", "top up", "recharge", "refill", "weed", "sweep", "vacuum", "dust", "dry-clean",
    ),
    "de": (
        "kaufen", "besorgen", "buchen", "bestellen", "abholen", "anrufen", "zurückgeben",
        "zurückschicken", "umtauschen", "einkaufen", "reservieren", "überweisen", "bügeln",
        "einpacken", "verpacken", "backen", "verkaufen", "verlängern", "entkalken", "entsorgen",
        "flicken", "zurückbringen", "ausdrucken", "einscannen", "nachfüllen", "gießen", "mähen",
        "absagen", "ausleihen", "verschenken", "wegbringen", "saugen", "abtauen", "abgeben",
    ),
}  # fmt: skip
"""Verbs of errands, whatever they are about, if it is nothing big."""
_CERTAIN: Final = {
    "en": {
        "get": (
            "haircut vaccination jab prescription present gift passport keys tyres stamps flowers "
            "groceries visa key check-up checkup eye-test photo photos costume card ticket tickets"
        ),
        "take": "car cat dog bike parcel bottles rubbish trash recycling",
        "do": "tax return taxes laundry dishes shopping ironing groceries",
        "file": "tax return taxes claim complaint",
        "submit": "tax return claim form timesheet",
        "plan": "dinner brunch lunch picnic barbecue bbq menu outing",
        "organise": "dinner brunch lunch picnic barbecue bbq",
        "organize": "dinner brunch lunch picnic barbecue bbq",
        "host": "dinner brunch lunch picnic barbecue bbq",
        "prepare": "dinner brunch lunch breakfast picnic barbecue bbq speech toast",
        "apply for": "passport visa permit card id",
        "register": "car dog address bike",
        "sign up for": "newsletter course class",
        "tidy": "desk room cupboard drawer kitchen",
        "tidy up": "desk room cupboard drawer kitchen",
        "back up": "laptop phone photos computer",
        "back-up": "laptop phone photos computer",
        "paint": "fence door gate bench",
        "trim": "hedge beard bush",
        "frame": "picture photo poster print",
        "check": "pressure level oil",
        "update": "address phone",
        "unclog": "sink drain toilet",
        "glue": "chair shoe cup vase",
        "mend": "sock jacket trousers bike fence zip chair",
        "patch": "tyre tire jeans hole jacket",
        "transfer": "money rent",
        "make": "appointment reservation call cake",
        "arrange": "appointment viewing call",
        "schedule": "appointment viewing call check-up checkup",
        "write": "letter email card note list invitation invitations postcard",
        "send": "letter parcel package postcard card invitation invitations email flowers",
        "post": "letter parcel package postcard card",
        "mail": "letter parcel package postcard card",
        "pay": "bill invoice fine ticket rent",
        "print": "ticket tickets photo photos form poster label labels",
        "cancel": "subscription appointment contract membership newsletter order",
        "fix": "bike bicycle tap faucet lamp bulb tyre tire puncture lock zip button chair shelf door sink toilet drawer window fence hinge printer blind handle",
        "repair": "bike bicycle tap faucet lamp tyre tire puncture lock zip chair shelf door sink toilet drawer fence hinge printer screen",
        "replace": "bulb tap lamp tyre tire battery lock filter button washer fuse wiper wipers toner cartridge seal handle hinge screen",
        "change": "bulb tyre tire battery lock filter",
        "clean": "oven windows fridge car gutters desk grill bike",
        "clean out": "oven fridge car gutters desk freezer wardrobe cupboard drawer",
        "clear out": "fridge desk freezer wardrobe cupboard drawer",
        "hang": "picture pictures shelf lamp curtains mirror",
        "install": "shelf lamp printer blind blinds app update",
        "assemble": "shelf desk wardrobe bed bookshelf chair",
        "set up": "printer appointment meeting",
        "pack": "suitcase bag bags backpack",
        "find": "plumber babysitter electrician dentist hairdresser present gift",
        "see": "dentist doctor vet hairdresser",
        "cook": "dinner lunch breakfast brunch meal soup",
        "visit": "dentist doctor vet hairdresser",
    },
    "de": {
        "machen": "termin reservierung einkauf wocheneinkauf",
        "vereinbaren": "termin",
        "ausmachen": "termin",
        "holen": "termin rezept paket",
        "kündigen": "abo abonnement vertrag handyvertrag mitgliedschaft",
        "schreiben": "brief karte e-mail mail einladung postkarte einkaufsliste",
        "schicken": "brief paket karte postkarte blumen",
        "verschicken": "brief paket karte postkarte einladungen",
        "bezahlen": "rechnung strafzettel miete",
        "reparieren": "fahrrad rad reifen lampe wasserhahn schloss stuhl",
        "wechseln": "reifen glühbirne batterie filter schloss winterreifen",
        "austauschen": "glühbirne batterie filter schloss wasserhahn",
        "putzen": "fenster ofen backofen kühlschrank auto",
        "aufhängen": "bild bilder lampe regal spiegel gardinen",
        "aufbauen": "regal schrank bett schreibtisch",
        "finden": "babysitter klempner elektriker zahnarzt geschenk",
        "suchen": "babysitter klempner elektriker zahnarzt geschenk",
        "beantragen": "pass personalausweis reisepass parkausweis ausweis",
        "kochen": "abendessen mittagessen essen suppe menü",
        "packen": "koffer rucksack tasche",
        "abholen": "paket rezept schlüssel kind kinder",
        "abgeben": "steuererklärung paket antrag",
        "erledigen": "steuererklärung einkauf papierkram post",
        "ummelden": "auto wohnsitz fahrzeug",
        "anmelden": "auto hund wohnsitz",
        "vorbereiten": "abendessen frühstück picknick grillabend",
        "planen": "abendessen picknick grillabend brunch",
        "schneiden": "hecke haare",
        "waschen": "auto wäsche",
        "installieren": "app drucker update lampe",
        "aufräumen": "schreibtisch küche zimmer schrank",
        "ersetzen": "glühbirne batterie filter schloss",
        "streichen": "zaun tür gartenbank",
        "gießen": "blumen pflanzen",
        "streichen lassen": "zaun tür",
        "besuchen": "zahnarzt tierarzt",
        "zubereiten": "abendessen frühstück",
    },
}
"""Verbs of errands only with these nouns."""
_BIG: Final = frozenset(
    (
        "house home flat apartment condo property land plot farm castle island boat yacht caravan "
        "car van motorhome business company shop restaurant café cafe bar startup franchise "
        "kitchen bathroom wedding conference festival tour trip journey honeymoon world rocket "
        "shares stocks forest building garage horse dog cat puppy kitten pony "
        "haus wohnung eigentumswohnung grundstück hof schloss boot auto wagen wohnmobil firma "
        "unternehmen geschäft laden restaurant hotel küche bad hochzeit weltreise reise aktien "
        "wald pferd hund katze welpe immobilie"
    ).split()
)
_ASSETS: Final = frozenset("app website software startup saas domain patent soap art".split())
"""What is no errand to sell."""
_BIG_ENDS: Final = (
    "haus",
    "wohnung",
    "grundstück",
    "küche",
    "firma",
    "unternehmen",
    "geschäft",
)
_TO_RENT: Final = frozenset(
    "hotel flat apartment car van boat restaurant kitchen café cafe bar auto wagen".split()
)
_RENTING: Final = frozenset({"book", "reserve", "buchen", "reservieren"})
_DONE: Final = frozenset(
    (
        "printed bound repaired fixed serviced cleaned framed copied cut resoled replaced stamped "
        "notarised notarized renewed sharpened delivered shortened hemmed altered vaccinated "
        "checked inspected washed laminated scanned developed mended patched trimmed dry-cleaned "
        "tested valued tuned restrung engraved gift-wrapped wrapped unlocked"
    ).split()
)
"""What one has done to a thing: get my shoes *resoled*."""
_NAMED: Final = {
    "en": (
        "haircut", "oil change", "car wash", "dentist appointment", "dentist's appointment",
        "eye test", "flu jab", "flu shot", "passport photos", "passport photo", "grocery shopping",
        "doctor's appointment", "doctor appointment", "parcel pickup", "weekly shop", "tax return",
    ),
    "de": (
        "zahnarzttermin", "arzttermin", "friseurtermin", "ölwechsel", "reifenwechsel", "sehtest",
        "wocheneinkauf", "steuererklärung", "passfoto", "passfotos", "grippeimpfung", "friseur",
    ),
}  # fmt: skip
"""Errands that need no verb."""
_SPAN: Final = Slot("time", "", HORIZON)


def is_errand(goal: str, language: str) -> bool:
    """Whether a goal is done in a few small steps: buy a present, book a dentist."""
    spoken = "de" if language == "de" else "en"
    weeks = weeks_in(told(goal, _SPAN, spoken), spoken)
    if weeks is not None and weeks > _LONGEST:
        return False
    if _is_named(goal, spoken) or (spoken == "en" and _has_done(goal)):
        return True
    said = clause(goal, (*_ANY[spoken], *_CERTAIN[spoken]), spoken)
    if said is None:
        return False
    head = next(iter(heads(said.object, spoken)), [])
    opened = said.object.split()[0].lower() in ("to", "into", "off", "out", "for", "on")
    if not head or opened or _earns(said.verb, head):
        return False
    if _is_big(head) and not _rented(said.verb, head):
        return False
    wanted = _CERTAIN[spoken].get(said.verb)
    if wanted is None:
        return True
    return any(_is_noun(head[-1], noun, spoken) for noun in wanted.split())


def _is_named(goal: str, spoken: str) -> bool:
    """Whether a goal only names an errand: haircut before the interview."""
    return " ".join(nouns(goal, spoken)[-2:]) in _NAMED[spoken]


def _has_done(goal: str) -> bool:
    """Whether a goal is to have something done to a thing: get my thesis printed and bound."""
    said = clause(goal, ("get", "have"), "en")
    words = heads(said.object, "en")[:1] if said else []
    return bool(words) and any(word in _DONE for word in words[0][1:4])


def _is_big(head: list[str]) -> bool:
    big = any(word in _BIG or word.removesuffix("s") in _BIG for word in head[-1:])
    return big or head[-1].endswith(_BIG_ENDS)


def _earns(verb: str, head: list[str]) -> bool:
    return verb in ("sell", "verkaufen") and head[-1] in _ASSETS


def _rented(verb: str, head: list[str]) -> bool:
    return verb in _RENTING and head[-1] in _TO_RENT


def _is_noun(word: str, noun: str, spoken: str) -> bool:
    """Whether a word is a noun, in German also one that is put together with it."""
    same = word in (noun, f"{noun}s", f"{noun}e")
    return same or (spoken == "de" and len(noun) > 4 and word.endswith(noun))
