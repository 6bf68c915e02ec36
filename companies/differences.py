"""Which characters of two texts differ, marked so that eyes and screen readers find them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SHORTEST = 2
"""An equal run of fewer characters between two differences is part of the difference."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters, and whether the other text has something else there."""

    text: str
    differs: bool


def differences(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts; capitals make no difference."""
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    if len(one.casefold()) != len(one) or len(other.casefold()) != len(other):
        matcher = SequenceMatcher(None, one, other, autojunk=False)  # folding moved the places
    left: list[Part] = []
    right: list[Part] = []
    for tag, start, end, begin, stop in matcher.get_opcodes():
        differs = tag != "equal"
        left.append(Part(one[start:end], differs))
        right.append(Part(other[begin:stop], differs))
    return _joined(left), _joined(right)


def marked(one: str, other: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML: what differs is marked, and a screen reader says where it begins and ends."""
    left, right = differences(one, other)
    return _html(left), _html(right)


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Parts without empty ones; short equal runs between differences join these."""
    found: list[Part] = []
    every = [part for part in parts if part.text]
    for at, part in enumerate(every):
        inside = 0 < at < len(every) - 1
        differs = part.differs or (inside and len(part.text) < SHORTEST)
        if found and found[-1].differs == differs:
            found[-1] = Part(found[-1].text + part.text, differs)
        else:
            found.append(Part(part.text, differs))
    return found


def _html(parts: Iterable[Part]) -> SafeString:
    heard = (_("[differs:"), _("]"))
    return format_html_join("", "{}", ((_part(part, heard),) for part in parts))


def _part(part: Part, heard: tuple[str, str]) -> SafeString:
    if not part.differs:
        return format_html("{}", part.text)
    return format_html(
        '<mark><span class="visually-hidden"> {} </span>{}<span class="visually-hidden">{} </span></mark>',
        heard[0],
        part.text,
        heard[1],
    )
