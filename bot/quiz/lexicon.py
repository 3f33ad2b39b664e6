"""What the grader knows of languages: the small words that hold sentences together, the words that deny, the stems.

A card carries no language, so `of` tells it from the author's own sentences. Languages that are not here are read with
the English stems and without the rules that need small words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer


@dataclass(frozen=True, slots=True)
class Language:
    """`glue`: words that sentences need and lists of key words lack. `links`: and, or. `denials`: words after which the
    next one is denied; `between`: words that may stand in between.
    """

    name: str
    glue: frozenset[str]
    links: frozenset[str]
    denials: frozenset[str]
    between: frozenset[str]
    spared: frozenset[str] = frozenset()
    """Words that turn a denial before them into an addition: not *only*."""

    fillers: frozenset[str] = frozenset()
    """Small words that a phrase may hold besides its own: 'part *of the* model'. Not those that begin another phrase or
    clause: 'models *at the* same time' is not about the same model."""

    @property
    def small(self) -> frozenset[str]:
        """Words too common to be a slip for another: *while* is not *whole*."""
        return self.glue | self.links | self.denials


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FILLERS = _set(
    """
    a an the this that these those it its they them their he she his her we us our you your i my me one ones
    of is are was were be been being am do does did doing done has have had having can could may might must shall should
    will would
    each every all both some any many much more most less few fewer several other another
    same such own only also just even still too very there here out up down off again once always often usually
    """
)

ENGLISH = Language(
    "english",
    glue=_FILLERS
    | _set(
        """
        to in on at by for from with into onto over under across between among through during within against about per via
        without before after since until than as like because so if when while where which who whose what why how
        then thus hence therefore although though but instead unlike rather whereas whether unless
        not no never neither cannot
        s t re ve ll
        isnt arent wasnt werent dont doesnt didnt hasnt havent hadnt cant couldnt wont wouldnt shouldnt mustnt neednt
        means makes made gives given gets got keeps kept holds held uses used using needs needed takes taken lets allows
        helps causes leads goes comes becomes remains stays happens works sends sent receives received splits divides
        computes reduces increases decreases improves prevents ensures handles manages combines applies waits slows
        fits requires avoids saves stores brings turns learns sees puts says ends starts begins enables provides lowers
        raises runs simulates speeds hides adds loses passes shrinks grows scales costs trades lives knows depends
        """
    ),
    links=_set("and or plus nor vs versus"),
    denials=_set(
        """
        not no never neither nor without cannot instead rather isnt arent wasnt werent dont doesnt didnt hasnt havent
        hadnt cant couldnt wont wouldnt shouldnt mustnt
        """
    ),
    between=_set("a an the any of than be been being ever even really actually longer its their this that these those"),
    spared=_set("only just merely simply necessarily"),
    fillers=_FILLERS,
)

LANGUAGES = (
    ENGLISH,
    Language(
        "german",
        glue=_set(
            """
            der die das den dem des ein eine einen einem einer eines es er sie wir ihr man sich ist sind war waren sein
            wird werden wurde hat haben kann konnen muss mussen soll darf nicht kein keine keinen nie ohne mit von zu zum
            zur im in an am auf aus bei nach vor uber unter durch fur um gegen zwischen pro als wie wenn weil dass damit
            da so dann also aber jede jeder jedes jeden alle allen nur auch noch schon dadurch dabei diese dieser dieses
            """
        ),
        links=_set("und oder sowie"),
        denials=_set("nicht kein keine keinen keiner nie ohne statt"),
        between=_set("der die das den dem ein eine einen"),
        spared=_set("nur"),
    ),
    Language(
        "french",
        glue=_set(
            """
            le la les l un une des du de d au aux ce cet cette ces il elle ils elles on nous vous je se s sa son ses leur
            leurs est sont etait etre a ont avoir peut peuvent doit doivent fait ne n pas plus jamais sans avec pour par
            sur sous dans en entre vers chez que qu qui quoi dont ou si quand comme car parce donc mais alors chaque tout
            tous toute toutes meme aussi seul seule seulement y c j
            """
        ),
        links=_set("et"),
        denials=_set("ne n sans jamais pas aucun aucune"),
        between=_set("le la les l un une de d se s"),
        spared=_set("seulement"),
    ),
    Language(
        "spanish",
        glue=_set(
            """
            el la los las un una unos unas lo al del de se su sus es son era ser esta estan ha han hay puede pueden debe
            no nunca sin con por para en entre sobre desde hasta a que quien cual cuando como porque si pero cada todo
            todos toda todas mismo misma tambien solo mas menos muy ya asi entonces este estos esto ese cuyo
            """
        ),
        links=_set("y e o u"),
        denials=_set("no nunca sin ningun ninguna ni"),
        between=_set("el la los las un una se"),
        spared=_set("solo"),
    ),
    Language(
        "italian",
        glue=_set(
            """
            il lo la i gli le l un uno una di del della dei delle dello a al alla ai da dal dalla in nel nella su sul con
            per tra fra si ci ne e sono era essere ha hanno puo possono deve devono non mai senza che chi cui quando come
            perche se ma ogni tutto tutti stesso stessa anche solo piu meno molto gia cosi quindi questo questa
            """
        ),
        links=_set("ed o oppure"),
        denials=_set("non mai senza nessun nessuna ne"),
        between=_set("il lo la i gli le l un uno una si"),
        spared=_set("solo"),
    ),
    Language(
        "portuguese",
        glue=_set(
            """
            o a os as um uma uns umas do da dos das de no na nos nas ao em por pelo pela para com sem entre sobre ate
            se seu sua seus suas e sao era ser esta estao tem ha pode podem deve devem nao nunca que quem qual quando como
            porque mas cada todo todos toda todas mesmo mesma tambem so mais menos muito ja assim entao este isso
            """
        ),
        links=_set("ou"),
        denials=_set("nao nunca sem nenhum nenhuma nem"),
        between=_set("o a os as um uma se"),
        spared=_set("so apenas"),
    ),
    Language(
        "dutch",
        glue=_set(
            """
            de het een van en in op aan uit bij met voor door over onder na tot tussen per te om als dan dat die dit deze
            er is zijn was waren wordt worden heeft hebben kan kunnen moet moeten zal zich zij ze hij we men hun niet geen
            nooit zonder maar want omdat zodat dus ook nog alleen elke elk ieder alle hetzelfde dezelfde wat wie waar hoe
            """
        ),
        links=_set("en of"),
        denials=_set("niet geen nooit zonder"),
        between=_set("de het een"),
        spared=_set("alleen"),
    ),
)

ARTICLES = _set("the a an der die das le la les el los las il het een")
"""Articles that may stand before a short answer."""

_DISTINCT_STEMS = frozenset(
    frozenset(pair)
    for pair in (
        ("shard", "share"),
        ("casual", "causal"),
        ("adsorb", "absorb"),
        ("adapt", "adopt"),
        ("affect", "effect"),
        ("complement", "compliment"),
        ("prescrib", "proscrib"),
        ("discret", "discreet"),
        ("protein", "protean"),
        ("mitosi", "meiosi"),
    )
)
_OPPOSITES = (("intra", "inter"), ("micro", "macro"), ("hyper", "hypo"), ("endo", "exo"), ("ante", "anti"))


def distinct(left: str, right: str) -> bool:
    """Whether two words that look alike are known to be two: `sharding` and `sharing`, `intra-` and `inter-`."""
    if frozenset((stem(left), stem(right))) in _DISTINCT_STEMS:
        return True
    pairs = (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES))
    return any(left.startswith(mine) and right.startswith(theirs) for mine, theirs in pairs)


def of(prose: Iterable[str]) -> Language | None:
    """The language of an author's sentences (folded words), by their small words; None where hardly one is known."""
    found = list(prose)
    hits = {language.name: sum(word in language.glue for word in found) for language in LANGUAGES}
    best = max(LANGUAGES, key=lambda language: hits[language.name])  # a tie goes to English, the first
    return best if len(found) < 8 or hits[best.name] >= len(found) / 10 else None


@cache
def _stemmer(language: str) -> snowballstemmer.StemmerInterface:
    return snowballstemmer.stemmer(language)


_BRITISH = re.compile(
    r"(?<=..[a-z])(?:(is)(?=e[drs]?$|es$|ing$|ation|ers$)|(ys)(?=e[drs]?$|ing$)|(ou)(?=rs?$|r(?:ed|ing|al|able)$))"
)


_PLURAL_IN_US = re.compile(
    r"(?!thus|plus|opus|anus|onus|zeus|nous|deus|crus|rhus|sous|pius)[a-z]{2}us|(?:men|rel|gel)us"
)
"""Plurals of words in -u, most of them acronyms (GPUs, ALUs, GRUs), which the stemmer takes for Latin singulars."""

_OWN_STEM = {"difference": "difference", "differences": "difference"}
"""Words that the stemmer throws together with others: a *difference between data* is not *different data*."""


@lru_cache(maxsize=1 << 14)
def stem(word: str, language: str = "english") -> str:
    """What is left of a folded word without its endings. British and American spellings of English come out the same."""
    if language == "english":
        if word in _OWN_STEM:
            return _OWN_STEM[word]
        if _PLURAL_IN_US.fullmatch(word):
            return word[:-1]
        word = _BRITISH.sub(lambda part: {"is": "iz", "ys": "yz", "ou": "o"}[part[0]], word)
    return str(_stemmer(language).stemWord(word))
