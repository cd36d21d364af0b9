"""The verb of a goal and its object, found by the order of the words. Lexical, no grammar.

English goals begin with their verb ("run *a marathon* in Berlin"), German ones mostly end
with it ("*einen Marathon* in Berlin laufen"). What people write around it (I would like to,
until Christmas) is left out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from stellwerk.plugins.api import span_pattern

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
ARTICLES: Final = frozenset("a an ein eine einen einem einer".split())
OWNED: Final = frozenset(
    (
        "the my our your his her their this der die das den dem mein meine meinen meinem meiner "
        "unser unsere unseren unserem unserer"
    ).split()
)
LIGHT: Final = frozenset(
    "first new next own second third big small good better erster erste erstes neuer neue".split()
)
"""Words that say nothing of what a thing is."""
_ENDS: Final = {
    "en": frozenset(
        (
            "for about with without of on to at from that which who where when while against "
            "under below in into onto by within as using called named titled and or then before "
            "after until because so if near during through per despite instead until since like "
            "over i we dressed plus"
        ).split()
    ),
    "de": frozenset(
        (
            "für mit ohne von vom über auf an am aus gegen bei beim zum zur nach in im ins als "
            "unter bis ab durch um vor während wegen trotz seit namens und oder der des einer "
            "eines meiner meines unserer unseres wie damit indem"
        ).split()
    ),
}
_OPENERS: Final = {
    "en": frozenset("to into onto from for in on out of up down back off".split()),
    "de": frozenset(
        "in ins im nach auf zu zum zur von vom aus für an am bei beim der des einer eines".split()
    ),
}
"""Words a phrase may begin with before its noun: move *into* a new flat."""
_CUT: Final = re.compile(r"[;:!?()]|,(?!\d)|\s[–—-]\s|\.(?:\s|$)")
_SEASONS: Final = {
    "en": (
        r"spring|summer|autumn|fall|winter|christmas|easter|new\s+year(?:['’]s(?:\s+eve)?)?|"
        r"years?|months?|weeks?|weekend|quarter|january|february|march|april|may|june|july|"
        r"august|september|october|november|december|(?:monday|tuesday|wednesday|thursday|"
        r"friday|saturday|sunday)(?:\s+(?:morning|afternoon|evening|night))?|20\d\d|tomorrow|tonight|today|then"
    ),
    "de": (
        r"frühjahr|frühling|sommers?|herbst|winters?|weihnachten|ostern|pfingsten|silvester|"
        r"neujahr|jahresende|jahres?|monats?|monatsende|woche|wochenende|januar|februar|märz|"
        r"april|mai|juni|juli|august|september|oktober|november|dezember|montag|dienstag|"
        r"mittwoch|donnerstag|freitag|samstag|sonntag|20\d\d|morgen|heute"
    ),
}
_ABOUT: Final = {
    "en": r"(?:the\s+next\s+|the\s+course\s+of\s+|about\s+|around\s+|just\s+|only\s+|under\s+|"
    r"less\s+than\s+|at\s+most\s+|roughly\s+)*",
    "de": r"(?:den\s+nächsten\s+|etwa\s+|ca\.?\s+|rund\s+|nur\s+|weniger\s+als\s+|unter\s+|"
    r"höchstens\s+|von\s+)*",
}
_EVERY_OPENING: Final = {
    "en": (
        r"how\s+(?:can|could|does|do|would)\s+(?:an?|the|my|our)\s+\S+\s+(?=\w)"
        r"|(?:please|finally|eventually|successfully|actually|now|so|this\s+year|next\s+year)"
        r"\b(?!\s+and)[\s,]+"
        r"|(?:my|our|the|new\s+year['’]?s?)\s+(?:goal|dream|plan|aim|resolution|wish|target)s?"
        r"(?:\s+for\s+\S+(?:\s+year)?)?(?:\s+is|:)\s*(?:to\s+)?|goal:\s*"
        r"|(?:i|we)(?:['’](?:d|m|re|ll))?(?:\s+(?:really|finally|just|also|would|want|wanna|"
        r"like|love|need|have|am|are|going|gonna|plan|hope|aim|intend|wish|must|should|will|"
        r"can|decided|planning|hoping|looking))*\s+(?:to\s+)?"
        r"|(?:how\s+(?:to|(?:do|can|could|would|should)\s+(?:i|we))|(?:can|could)\s+(?:i|we)|"
        r"what\s+do\s+(?:i|we)\s+need\s+(?:for|to)|(?:what|how\s+long)\s+does\s+it\s+take\s+to|help\s+(?:me|us)"
        r"(?:\s+to)?|let['’]?s|(?:try|start|begin|prepare|get\s+ready|manage|be\s+able|want|"
        r"plan|time)\s+to)\s+"
        r"|from\s+(?:zero|nothing|scratch)\s+to\s+|(?:start|begin|keep|try)\s+(?=\w{2,}ing\b)|to\s+"
    ),
    "de": (
        r"(?:bitte|endlich|nun|jetzt|dieses\s+jahr|nächstes\s+jahr)[\s,]+"
        r"|mein(?:e)?\s+(?:großes\s+|großer\s+)?(?:ziel|traum|plan|wunsch|vorsatz)"
        r"(?:\s+für\s+\S+)?(?:\s+ist(?:\s+es)?)?[,:]?\s+|ziel:\s*"
        r"|(?:ich|wir|man)\s+(?:will|wollen|möchte|möchten|muss|müssen|soll|sollen|würde|würden|"
        r"werde|werden|kann|können)(?:\s+(?:gerne?|endlich|unbedingt|mal|auch|dieses\s+jahr))*\s+"
        r"|von\s+(?:null|0)\s+auf\s+|wie\s+(?:komme|schaffe)\s+(?:ich|wir)(?:\s+es)?[\s,]+"
        r"|(?:\S+\s+){0,6}?(?:brauche|brauchen)\s+(?:ich|wir)\s+"
        r"|was\s+brauchen?\s+(?:ich|wir)\s+für\s+"
        r"|(?:wie\s+)?(?:kann|können)\s+(?:ich|wir)\s+|hilf\s+mir,?\s+|(?:ich|wir)\s+"
    ),
}
_LATER: Final = {
    "en": re.compile(
        r"[\s,]+(?:again|fluently|well|better|fast|faster|soon|asap|together|myself|someday|"
        r"properly|quickly|successfully|professionally|from\s+scratch|once\s+and\s+for\s+all|"
        r"one\s+day|at\s+last|on\s+my\s+own|step\s+by\s+step|as\s+soon\s+as\s+possible|"
        r"at\s+home|online|already|first)\s*$",
        re.IGNORECASE,
    ),
    "de": re.compile(r"[\s,]+(?:und\s+zwar|bitte|endlich|lassen)\s*$", re.IGNORECASE),
}
_ADVERBS: Final = frozenset(
    (
        "endlich wieder fließend flüssig richtig gut besser schnell neu selbst gemeinsam "
        "zusammen allein erfolgreich professionell online wirklich mal sicher"
    ).split()
)
_ACCENTS: Final = str.maketrans("éèêëáàâãíìîïóòôõúùûñç", "eeeeaaaaiiiioooouuunc")
_PREFIXED: Final = re.compile(
    r"(um|aus|ein|auf|an|ab|vor|mit|fertig|weiter|heraus|durch)(\w{4,})"
)


class Clause(NamedTuple):
    """What a goal says is done, and to what.

    Attributes:
        verb: The lead verb that was found; empty for a goal that is a noun.
        object: The words that belong to it, as they are written.
    """

    verb: str
    object: str


@lru_cache(maxsize=512)
def plain(goal: str, language: str) -> str:
    """Return a goal without openings (I want to) and without when it should be reached."""
    spoken = _spoken(language)
    text = " ".join(_times(spoken).sub(" ", f" {goal} ").split()).strip(" ,.;!?")
    opening = _openings(spoken)
    while (shorter := opening.sub("", text, count=1)) != text and shorter.strip():
        text = shorter.strip(" ,.")
    while shorter := _LATER[spoken].sub("", text):
        if shorter == text:
            break
        text = shorter
    return text


@lru_cache(maxsize=512)
def clause(goal: str, leads: tuple[str, ...], language: str) -> Clause | None:
    """Return the clause of a goal whose verb is one of the leads, or None."""
    text = plain(goal, language)
    if language != "de":
        return _english(text.split(), leads)
    text = _CUT.split(text)[0].strip()
    return _german(text, leads) or _nominal(text, leads)


def cut(phrase: str) -> str:
    """Return a phrase up to its first punctuation."""
    return _CUT.split(phrase)[0].strip(" .,'\"“”„")


def heads(phrase: str, language: str, unless: frozenset[str] = frozenset()) -> list[list[str]]:
    """Return the nouns a phrase is about, as lower-case words, what they end with last.

    One for the words up to the first preposition. If the phrase begins with a preposition,
    one for each of those that follow directly: *from MySQL*, *to PostgreSQL*.

    Args:
        phrase: The object of a verb.
        language: `en` or `de`.
        unless: Words that are passed over: they say which, not what.
    """
    spoken = _spoken(language)
    words = [word for word in words_of(cut(phrase)) if word not in unless]
    found: list[list[str]] = []
    while words:
        opened = words[0] in _OPENERS[spoken]
        while words and words[0] in _OPENERS[spoken]:
            words = words[1:]
        head, words = _split(words, spoken)
        if not head or (spoken == "en" and _does(head)):
            break
        found.append(head)
        if not opened or not words or words[0] not in _OPENERS[spoken]:
            break
    return found


def parts(phrase: str, language: str, unless: frozenset[str] = frozenset()) -> list[list[str]]:
    """Return every noun in a phrase, whatever preposition stands before it."""
    spoken, found = _spoken(language), list[list[str]]()
    words = [word for word in words_of(cut(phrase)) if word not in unless]
    while words:
        head, words = _split(words, spoken)
        found += [head] if head else []
        words = words if head else words[1:]
    return found


def nouns(goal: str, language: str, unless: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a goal that has no verb: all up to the first preposition."""
    words = [w for w in words_of(cut(plain(goal, language))) if w not in unless]
    return _split(words, _spoken(language))[0]


def stem(verb: str) -> str:
    """Return what the forms of a verb and the nouns made from it begin with."""
    word = verb.partition(" ")[0].lower()
    if verb.endswith("en"):
        return word.removesuffix("en")
    return word.removesuffix("e")


def gerund(verb: str) -> str:
    """Return the -ing form of an English verb."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return f"{verb[:-1]}ing"
    short = re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb)
    return f"{verb}{verb[-1]}ing" if short or verb == "begin" else f"{verb}ing"


def _does(head: list[str]) -> bool:
    """Whether English words are something to do, not a thing: reading a novel."""
    return head[0].endswith("ing") and bool((ARTICLES | OWNED) & set(head[1:]))


def _split(words: list[str], spoken: str) -> tuple[list[str], list[str]]:
    """Return the head of some words, and the rest from its preposition on."""
    start = 0
    while start < len(words) and words[start] in ARTICLES | OWNED:
        start += 1
    stop = next(
        (i for i, word in enumerate(words) if i >= start and word in _ENDS[spoken]), None
    )
    head, rest = (words[start:], []) if stop is None else (words[start:stop], words[stop:])
    return head, rest


def _english(tokens: list[str], leads: tuple[str, ...]) -> Clause | None:
    low = [token.lower().strip(".,;:!?\"'“”") for token in tokens]
    forms = _forms(leads)
    joints = [at for at in (1, 2) if at < len(low) and low[at] in ("and", "&", "or")]
    for start in (0, *(at + 1 + (low[at + 1 : at + 2] == ["then"]) for at in joints)):
        for length in (4, 3, 2, 1):
            verb = forms.get(tuple(low[start : start + length]))
            if verb and len(verb.split()) == length and start + length < len(tokens):
                rest = " ".join(tokens[start + length :])
                return Clause(verb, re.sub(r"^(?:and|or|&)\s+\S+\s+", "", rest))
    return _nominal(" ".join(tokens), leads)


@lru_cache(maxsize=256)
def _forms(leads: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """Return the forms of English verbs that a goal can begin with."""
    forms = {}
    for lead in leads:
        words = lead.lower().split()
        if words:
            forms[tuple(words)] = lead
            forms[gerund(words[0]), *words[1:]] = lead
    return forms


def _german(text: str, leads: tuple[str, ...]) -> Clause | None:
    tokens = text.split()
    low = [token.lower().strip(".,;:!?\"'“”„") for token in tokens]
    any_case = text in (text.lower(), text.upper())
    final, first = _german_forms(leads)
    for at in range(len(tokens) - 1, 0, -1):
        for length in (4, 3, 2, 1):
            stop = at + length
            verb = final.get(tuple(low[at:stop]), "") if stop <= len(low) else ""
            lower = any_case or (verb and not tokens[stop - 1][:1].isupper())
            if verb and lower and _may_follow(low[stop:]):
                before = _before(
                    _without_doing(tokens[:at]) if verb == "lernen" else tokens[:at]
                )
                return Clause(verb, german_object(before)) if before else None
    if low and low[0] in first and len(tokens) > 1:
        return Clause(first[low[0]], " ".join(tokens[1:]))
    return None


@lru_cache(maxsize=256)
def _german_forms(
    leads: tuple[str, ...],
) -> tuple[dict[tuple[str, ...], str], dict[str, str]]:
    """Return the forms of German verbs that end a goal, and those that begin one."""
    final: dict[tuple[str, ...], str] = {}
    first: dict[str, str] = {}
    for lead in leads:
        words = lead.lower().split()
        if not words:
            continue
        final[tuple(words)] = lead
        if parted := _PREFIXED.fullmatch(words[-1]):
            final[*words[:-1], f"{parted[1]}zu{parted[2]}"] = lead
        if len(words) == 1:
            bare = words[0].removesuffix("n").removesuffix("e")
            forms = [words[0], f"{bare}e", bare]
            if bare.endswith("el"):
                forms.append(f"{bare[:-2]}le")
            first.update(dict.fromkeys(forms, lead))
    return final, first


def _may_follow(low: list[str]) -> bool:
    """Whether some words can stand behind the verb that ends a German clause."""
    return not low or low[0] in _ENDS["de"] or low[0] in ("zu", "ohne", "&")


def _without_doing(tokens: list[str]) -> list[str]:
    """Return German words without the verbs at their end: Arabisch lesen und schreiben."""
    end = len(tokens)
    while end > 1 and (
        tokens[end - 1] in ("und", "oder")
        or (tokens[end - 1].islower() and tokens[end - 1].endswith("en"))
    ):
        end -= 1
    return tokens[:end]


def _before(tokens: list[str]) -> str:
    """Return the words before a German verb, without a verb beside it: kaufen und renovieren."""
    while tokens and tokens[-1].lower() == "zu":
        tokens = tokens[:-1]
    if len(tokens) > 2 and tokens[-1].lower() in ("und", "oder", "&"):
        tokens = tokens[:-2] if tokens[-2][:1].islower() else tokens[:-1]
    joined = [at for at, token in enumerate(tokens) if at and token.lower() == "und"]
    verbs = (tokens[at - 1] for at in joined)
    if any(verb[:1].islower() and verb.endswith("en") for verb in verbs):
        return ""
    while len(tokens) > 1 and tokens[-1].lower() in _ADVERBS:
        tokens = tokens[:-1]
    return " ".join(tokens)


def german_object(words_before: str) -> str:
    """Return the object in the German words before a verb, which may say how and for whom."""
    words = words_before.split()
    if not words or words[0].lower() in ARTICLES | OWNED:
        return words_before
    low = [word.lower() for word in words]
    stop = next((at for at, word in enumerate(low) if at and word in _ENDS["de"]), len(low))
    starts = [at for at, word in enumerate(low[:stop]) if word in ARTICLES]
    starts = starts[-1:] or [at for at, word in enumerate(low[:stop]) if word in OWNED]
    return " ".join(words[starts[0] :]) if starts else words_before


def _nominal(text: str, leads: tuple[str, ...]) -> Clause | None:
    """Return the clause of a goal that begins with a noun for its verb: Planung einer Feier."""
    tokens = text.split()
    if len(tokens) < 3 or tokens[1].lower() not in (
        *(
            "of",
            "der",
            "des",
            "einer",
            "eines",
            "meiner",
            "meines",
            "unserer",
            "unseres",
            "von",
        ),
    ):
        return None
    for lead in leads:
        if is_noun_of(tokens[0], lead):
            return Clause(lead, " ".join(tokens[1:]).removeprefix("of "))
    return None


def is_noun_of(word: str, lead: str) -> bool:
    """Whether a word is a noun made from a verb: renovation, Planung, Migration."""
    low, begin = word.lower(), stem(lead)
    if " " in lead or len(begin) < 4 or low == lead.lower():
        return False
    ends = ("ung", "ion", "tion", "ation", "isation", "ization", "ing", "ment", "ning")
    shared = begin if low.startswith(begin) else begin[:-1]
    return len(shared) >= 4 and low.startswith(shared) and low.endswith(ends)


@cache
def _times(spoken: str) -> re.Pattern[str]:
    """Return the pattern of words that say when, or in which time."""
    span, seasons, about = span_pattern(spoken), _SEASONS[spoken], _ABOUT[spoken]
    if spoken == "de":
        within = (
            rf"(?:in|innerhalb|binnen|für|während)\s+{about}{span}(?:\s+lang)?|{span}\s+lang"
        )
        which = (
            r"(?:spätestens\s+|zum\s+|zur\s+|mitte\s+|anfang\s+|ende\s+|des\s+|der\s+|dem\s+|"
        )
        which += r"diese\w*\s+|nächste\w*\s+|kommende\w*\s+)"
        date = rf"(?:bis|vor|im|in|ab|am|zu)\s+{which}*(?:{seasons})"
        date += rf"|(?:diese[sn]?|nächste[sn]?|kommende[sn]?)\s+(?:{seasons})"
        date += r"|bis\s+(?:zum\s+)?\d{1,2}\.(?:\s*(?:\d{1,2}\.|geburtstag))?"
    else:
        within = rf"(?:in|within|over|for|during|inside)\s+{about}{span}"
        which = r"(?:the\s+|end\s+of\s+|early\s+|late\s+|mid[\s-]+|this\s+|next\s+|coming\s+)"
        date = rf"(?:by|before|until|till|in|for|during|on)\s+{which}*(?:{seasons})"
        date += rf"|(?:this|next)\s+(?:{seasons})"
        date += rf"|(?:by|before|until|on)\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{seasons})"
        date += r"|(?:by|before|until)\s+(?:my|our|the|his|her)?\s*\w+\s+birthday"
    years = r"(?:\s+(?:of\s+)?(?:next\s+year|this\s+year|20\d\d))?"
    return re.compile(rf"(?<!\w)(?:{within}|(?:{date}){years})(?!\w)", re.IGNORECASE)


@cache
def _openings(spoken: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{_EVERY_OPENING[spoken]})", re.IGNORECASE)


def _spoken(language: str) -> str:
    return "de" if language == "de" else "en"


def words_of(text: str) -> Iterator[str]:
    """Yield the lower-case words of a text, accents but umlauts left out."""
    return iter(WORD.findall(_folded(text.lower())))


def _folded(text: str) -> str:
    return text if text.isascii() else text.translate(_ACCENTS)


def as_written(goal: str, words: list[str]) -> str:
    """Return lower-case words of a goal as they stand there."""
    pattern = r"[\s-]+".join(map(re.escape, words))
    if words and (there := re.search(rf"(?<!\w){pattern}(?!\w)", goal, re.IGNORECASE)):
        return there[0]
    found = {word.lower(): word for word in WORD.findall(goal)}
    return " ".join(found.get(word, word) for word in words)
