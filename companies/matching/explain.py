"""Evidence as one plain line in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.enums import NumberScheme
from companies.matching.candidates import COUNTED_FROM
from companies.matching.values import Evidence, Level, Params


def line(evidence: Evidence) -> str:
    """One reason for or against, without its points."""
    return _LINES[evidence.code](evidence.params)


def evidence(found: Iterable[Evidence]) -> list[str]:
    """All reasons as lines, the weightiest first; what every name starts from comes last."""
    order = sorted(found, key=lambda one: (one.code == "start", -abs(one.points)))
    return [line(one) for one in order]


def lines(stored: Iterable[Mapping[str, Any]]) -> list[str]:
    """The lines of reasons that were stored with a case; a reason we no longer know is left out."""
    known = (one for one in stored if one.get("code") in CODES)
    return evidence(map(Evidence.from_json, known))


def level(value: Level) -> str:
    """How sure a match is, in words."""
    return {
        Level.STRONG: _("Very likely the same"),
        Level.LIKELY: _("Likely the same"),
        Level.POSSIBLE: _("Possibly the same"),
    }[value]


def _shared_word(params: Params) -> str:
    seen, names = int(params["seen"]), int(params["names"])
    if not names:
        return _("Both names have the word “%(word)s”.") % {"word": params["word"]}
    if seen < COUNTED_FROM:
        return _("“%(word)s” is in fewer than %(count)s of %(names)s names.") % {
            "word": params["word"],
            "count": COUNTED_FROM,
            "names": number_format(names, force_grouping=True),
        }
    text = ngettext(
        "“%(word)s” is in %(count)s of %(names)s names.",
        "“%(word)s” is in %(count)s of %(names)s names.",
        seen,
    )
    return text % {
        "word": params["word"],
        "count": number_format(seen, force_grouping=True),
        "names": number_format(names, force_grouping=True),
    }


def _start(params: Params) -> str:
    return _("Where a name of this length starts among %(names)s names.") % {
        "names": number_format(int(params["names"]), force_grouping=True)
    }


def _same_number(params: Params) -> str:
    sentences: dict[str, str] = {
        NumberScheme.VAT: _("Same VAT number: %(number)s."),
        NumberScheme.LEI: _("Same LEI: %(number)s."),
        NumberScheme.DUNS: _("Same D-U-N-S number: %(number)s."),
        NumberScheme.REGISTER: _("Same number in the trade register: %(number)s."),
        NumberScheme.TAX: _("Same tax number: %(number)s."),
    }
    other = _("Same registration number: %(scheme)s %(number)s.")
    return sentences.get(str(params["scheme"]), other) % dict(params)


def _other_number(params: Params) -> str:
    if params["scheme"] == NumberScheme.VAT:
        return _("The VAT numbers differ: %(new)s and %(old)s.") % dict(params)
    return _("The LEIs differ: %(new)s and %(old)s.") % dict(params)


def _count(text: Callable[[int], str]) -> Callable[[Params], str]:
    """A line about a number of things."""
    return lambda params: text(int(params["count"])) % {"count": params["count"]}


def _plain(text: Callable[[], str]) -> Callable[[Params], str]:
    """A line whose placeholders are the parameters themselves."""
    return lambda params: text() % dict(params)


_LINES: dict[str, Callable[[Params], str]] = {
    "shared_word": _shared_word,
    "same_name": _plain(
        lambda: _("Equal once capitals, punctuation and legal form are left out of account.")
    ),
    "glued_words": _plain(lambda: _("“%(new)s” and “%(old)s” are the same words.")),
    "similar_word": _plain(lambda: _("“%(new)s” and “%(old)s” are nearly the same word.")),
    "abbreviated_word": _plain(lambda: _("“%(new)s” and “%(old)s”: one shortens the other.")),
    "more_words": _plain(lambda: _("Words in common besides: %(words)s.")),
    "short_form": _plain(lambda: _("“%(short)s” could be short for “%(long)s”.")),
    "only_new": _plain(lambda: _("Only in the new name: %(words)s.")),
    "only_old": _plain(lambda: _("Only in the existing name: %(words)s.")),
    "inexact": _plain(lambda: _("Words agree only roughly.")),
    "all_words": _plain(lambda: _("Every word has its equal in the other name.")),
    "within": _plain(lambda: _("One name is within the other.")),
    "both_differ": _plain(lambda: _("Each name has words that the other lacks.")),
    "alike": _plain(lambda: _("The letters agree to %(percent)s per cent.")),
    "numbers_differ": _plain(lambda: _("The numbers in the names differ.")),
    "other_form": _plain(lambda: _("Found by a trade name or by words in brackets.")),
    "start": _start,
    "no_other": _plain(lambda: _("No other name comes near.")),
    "others_near": _count(
        lambda count: ngettext(
            "%(count)s other name fits about as well.",
            "%(count)s other names fit about as well.",
            count,
        )
    ),
    "others_better": _count(
        lambda count: ngettext(
            "%(count)s other name fits better.", "%(count)s other names fit better.", count
        )
    ),
    "legal_form": _plain(lambda: _("Legal form left out of account: %(forms)s.")),
    "known_alias": _plain(lambda: _("“%(new)s” and “%(old)s” are known names of one company.")),
    "remembered": _plain(lambda: _("Somebody confirmed “%(name)s” as a name of this company.")),
    "same_domain": _plain(lambda: _("Same web domain: %(domain)s.")),
    "sister_domain": _plain(
        lambda: _("The web domains differ only in their ending: %(new)s and %(old)s.")
    ),
    "other_domain": _plain(lambda: _("The web domains differ: %(new)s and %(old)s.")),
    "domain_label": _plain(lambda: _("The name is in the web domain %(domain)s.")),
    "same_country": _plain(lambda: _("Same country.")),
    "other_country": _plain(lambda: _("The countries differ: %(new)s and %(old)s.")),
    "same_number": _same_number,
    "other_number": _other_number,
    "same_city": _plain(lambda: _("Same city: %(city)s.")),
    "other_city": _plain(lambda: _("Known sites are in other cities, such as %(old)s.")),
    "same_industry": _plain(lambda: _("Same industry.")),
    "other_industry": _plain(lambda: _("The industries differ.")),
    "place_differs": _plain(lambda: _("Only words for a place differ: perhaps sister companies.")),
    "said_related": _plain(lambda: _("Somebody marked the two as related companies.")),
}
CODES = frozenset(_LINES)
