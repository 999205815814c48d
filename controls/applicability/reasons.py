"""Whether a text gives a reason, or only says in other words that there is none. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

#: What says no more than "it does not apply", in the languages that statements are written in.
_EMPTY = (
    "not relevant", "irrelevant", "not applicable", "non applicable", "inapplicable", "does not apply", "doesn't apply",
    "doesnt apply", "not needed", "not required", "not necessary", "unnecessary", "no need", "not used", "none", "nothing",
    "no reason", "n a", "na", "nil", "null", "no", "excluded", "out of scope", "not in scope", "tbd", "tbc", "todo", "xxx",
    "see above", "dito", "ditto", "idem", "same",
    "nicht relevant", "irrelevant", "nicht anwendbar", "nicht zutreffend", "trifft nicht zu", "entfällt", "keine", "keiner",
    "kein", "nicht erforderlich", "nicht notwendig", "nicht nötig", "nichts", "n z",
    "non pertinent", "pas pertinent", "sans objet", "non applicable", "pas applicable", "aucun", "aucune", "néant", "s o",
    "non concerné", "non requis", "pas nécessaire",
    "no relevante", "no aplica", "no aplicable", "no procede", "ninguno", "ninguna", "nada", "no necesario",
    "não relevante", "não aplicável", "não se aplica", "nenhum", "nenhuma", "sem objeto", "não necessário",
    "non rilevante", "non applicabile", "non si applica", "nessuno", "nessuna", "niente", "non necessario",
    "niet relevant", "niet van toepassing", "nvt", "n v t", "geen", "niet nodig",
    "nie dotyczy", "nieistotne", "nie ma zastosowania", "brak", "nie", "n d",
    "nerelevantní", "neaplikovatelné", "nepoužije se", "netýká se", "žádný", "žádné",
    "ej relevant", "inte relevant", "ej tillämpligt", "inte tillämpligt", "ej aktuellt", "inget", "inga", "ikke relevant",
    "ikke aktuelt", "ikke anvendelig", "ingen", "ei sovellettavissa", "ei relevantti", "ei mitään",
    "uygulanamaz", "ilgili değil", "yok", "neaplicabil", "nu se aplică", "nu este cazul",
    "не применимо", "неприменимо", "не применяется", "не актуально", "нет", "отсутствует", "не застосовується",
    "δεν εφαρμόζεται", "不适用", "不適用", "无", "無", "該当なし", "対象外", "なし", "해당 없음", "해당없음", "없음",
    "غير منطبق", "لا ينطبق", "לא רלוונטי",
)  # fmt: skip
#: Words that may stand around such a phrase and still say nothing.
_AROUND = (
    "a an the this that it its is are was be been being control controls requirement measure here us our we to for in of at as "
    "so and or with by just simply because since therefore not any currently now organisation organization company "
    "business isms scope deemed considered regarded applies apply "
    "das die der diese dieser dieses ist für uns hier maßnahme im unternehmen "
    "ce cette est pour nous ici mesure l le la chez "
    "este esta es para nosotros aquí el control medida é esta nós aqui o "
    "è questo per noi qui controllo dit deze voor ons hier maatregel "
    "ten ta to jest dla nas dotyczy"
)  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether a text is empty, or only says that something is not relevant, without saying why.

    Case, accents and punctuation do not matter: "N/A.", "n.a." and "Not applicable to us - not relevant" all say nothing.
    """
    words = _words(text)
    while words:
        length = next((n for n in range(min(len(words), _LONGEST), 0, -1) if words[:n] in _PHRASES), 0)
        if not length and words[0] not in _FILLERS and any(letter.isalpha() for letter in words[0]):
            return False
        words = words[max(length, 1) :]
    return True


def _words(text: str) -> tuple[str, ...]:
    """Its words, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    kept = "".join(each if _counts(each) else " " for each in plain if unicodedata.category(each) != "Mn")
    return tuple(kept.split())


def _counts(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _phrases(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(_words(text) for text in texts)


_PHRASES = _phrases(_EMPTY)
_LONGEST = max(map(len, _PHRASES))
_FILLERS = frozenset(_words(_AROUND))
