"""From a typed name to comparable forms. Pure, deterministic, versioned.

Whenever any name could normalise differently, add a version to VERSIONS and keep the function before
it for one release: stored rows carry the version they were made with, and each tenant goes over from
one to the next while both are asked (`versions`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from companies.matching import legal
from companies.matching.words import FILLER, PLACES, canonical, join_phrases

MAX_INPUT = 400
MAX_WORDS = 24
MAX_WORD = 48

_SIGNS = re.compile("[\u2122\u00ae\u2120\u00a9]")
_APOSTROPHES = re.compile(
    "['`\"\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2032\u2033\u02bc\u00ab\u00bb]"
)
_GLUED = re.compile(rf"(?<=[a-z]{{3}})({'|'.join(legal.GLUED)})\.?\s*$")
_DOTTED = re.compile(r"\b[a-z](?:(?:\.[a-z])+|(?:\.\s[a-z])+)\b(?:\.|(?![a-z]))")
_PAR_VALUE = re.compile(
    r"\s(?:(?:dl|eo)\s?\d[\d,]*|(?:dl|eo|ls|sf|sd|sk|nk|dk|yn|hd|yc|rc|mn|is)\s?-?\s?,\d+"
    r"|-?,\d+|o\.\s?n\.?|(?:ord )?shs|adr)\s*$"
)
"""How exchanges write a share's face value after its company: "DL-,01", "O.N."."""
_STATE = re.compile(r"\s/[a-z]{2,3}(?:\s?new)?/?\s*$")
"""How the SEC tells registrants of one name apart: "/MD/"."""
_SLASHED = re.compile(r"\b[a-z](?:/[a-z])+\b/?")
_CARE_OF = re.compile(r"\b[ct]/[oa]\b")
_PARENTHESIS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_WORD = re.compile(r"[a-z0-9]+")
_MARKERS: dict[tuple[str, ...], str] = {
    ("dba",): "TRADE",
    ("doing", "business", "as"): "TRADE",
    ("trading", "as"): "TRADE",
    ("also", "known", "as"): "TRADE",
    ("aka",): "TRADE",
    ("fka",): "FORMER",
    ("nka",): "TRADE",
    ("formerly", "known", "as"): "FORMER",
    ("formerly",): "FORMER",
    ("previously",): "FORMER",
}


@dataclass(frozen=True, slots=True)
class NameForm:
    """One comparable form of a name.

    core: folded words without legal forms; tokens: their canonical spellings without filler;
    compact: tokens glued together, the identity key; legal: the forms that were taken off.
    """

    kind: str
    core: str
    tokens: tuple[str, ...]
    compact: str
    legal: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the core, filler included."""
        return tuple(self.core.split())


def normalise(raw: str, version: int | None = None) -> tuple[NameForm, ...]:
    """All forms of a typed name, the main one first; empty when nothing comparable is left.

    Made by the newest version of the normaliser unless another one is named.
    """
    return _normalised(raw, version or newest())


@lru_cache(maxsize=4096)
def _normalised(raw: str, version: int) -> tuple[NameForm, ...]:
    return VERSIONS[version](raw)


def newest() -> int:
    """The version that new names are made with."""
    return max(VERSIONS)


def _second(raw: str) -> tuple[NameForm, ...]:
    forms: list[NameForm] = []
    for kind, words in _parts(_fold(raw)):
        form = _form(kind, words)
        if form.compact and all(form.compact != other.compact for other in forms):
            forms.append(form)
    return tuple(forms)


def compact_of(raw: str) -> str:
    """The identity key of the main form, or an empty string."""
    forms = normalise(raw)
    return forms[0].compact if forms else ""


def sort_key(raw: str) -> str:
    """Folded name that sorts the same in every locale; at most 200 characters."""
    folded = " ".join(_WORD.findall(anyascii(unicodedata.normalize("NFKC", _visible(raw))).lower()))
    return folded.removeprefix("the ")[:200]


def clean(raw: str) -> str:
    """The name as it may be stored: no control or format characters, single spaces."""
    return " ".join(_visible(raw).split())


def _fold(raw: str) -> str:
    text = raw[:MAX_INPUT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", legal.replace_native(_SIGNS.sub("", text)))
    text = _APOSTROPHES.sub("", _letters(text))
    text = _GLUED.sub(r" \1", text)
    text = _APOSTROPHES.sub("", anyascii(text).lower())
    text = _CARE_OF.sub(" dba ", text)
    text = _STATE.sub(" ", _PAR_VALUE.sub(" ", text))
    text = _SLASHED.sub(_squeeze, _DOTTED.sub(_squeeze, text))
    return text.replace("&", " and ").replace("+", " and ")


def _visible(text: str) -> str:
    """Drop what cannot be seen or stored; control characters become spaces."""
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Cc":
            kept.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    return "".join(kept)


def _letters(text: str) -> str:
    """Without pictures and modifiers: an emoji says nothing about who a company is."""
    if text.isascii() and text.isprintable():
        return text.replace("^", " ")
    return "".join(
        " " if unicodedata.category(char) in ("So", "Sk") and char not in "`\u00b4" else char
        for char in _visible(text)
    )


def _squeeze(match: re.Match[str]) -> str:
    return re.sub(r"[^a-z]", "", match.group()) + " "


def _parts(text: str) -> Iterator[tuple[str, list[str]]]:
    """The main name, trade and former names, and what stood in brackets."""
    inside: list[str] = []

    def take(match: re.Match[str]) -> str:
        words = _words(match.group(1))
        if not words or all(word in PLACES or word in legal.WORDS for word in words):
            return f" {match.group(1)} "
        inside.append(match.group(1))
        return " "

    outside = _PARENTHESIS.sub(take, text)
    yield from _split_at_markers(_words(outside))
    for content in inside:
        yield from (("INSIDE", words) for _, words in _split_at_markers(_words(content)))


def _words(text: str) -> list[str]:
    """Words with runs of single letters joined ("i b m" -> "ibm")."""
    words: list[str] = []
    run = ""
    for word in (*_WORD.findall(text), ""):
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            words.append(run)
            run = ""
        if word:
            words.append(word)
    return join_phrases([word[:MAX_WORD] for word in words[:MAX_WORDS]])


def _split_at_markers(words: list[str]) -> list[tuple[str, list[str]]]:
    parts: list[tuple[str, list[str]]] = [("MAIN", [])]
    at = 0
    while at < len(words):
        for size in (3, 2, 1):
            kind = _MARKERS.get(tuple(words[at : at + size]))
            if kind:
                parts.append((kind, []))
                at += size
                break
        else:
            parts[-1][1].append(words[at])
            at += 1
    filled = [part for part in parts if part[1]]
    if not filled:
        return [("MAIN", words)]
    return [("MAIN", filled[0][1]), *filled[1:]]


def _form(kind: str, words: list[str]) -> NameForm:
    left, forms = legal.strip(words)
    if not left:
        return NameForm(kind, "", (), "", ())
    inner = (word for word in left[1:-1] if word not in FILLER)
    tokens = [canonical(word) for word in (left[0], *inner, *left[1:][-1:])]
    return NameForm(
        kind=kind,
        core=" ".join(left),
        tokens=tuple(tokens),
        compact="".join(tokens),
        legal=tuple(forms),
    )


VERSIONS: dict[int, Callable[[str], tuple[NameForm, ...]]] = {2: _second}
"""Every version that rows may still be made with."""
NORM_VERSION = newest()
