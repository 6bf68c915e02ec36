"""Why a row of a list cannot be loaded, and what helps. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong with a row, and how to set it right."""

    text: StrPromise
    hint: StrPromise


CAUSES: dict[str, Cause] = {
    "unreadable": Cause(
        _("The file cannot be read from here on"),
        _("A quotation mark is missing or too much. Rows after this one were not looked at."),
    ),
    "too-many-rows": Cause(
        _("The file has more rows than can be loaded at once"),
        _("Part it into several files. Rows after this one were not looked at."),
    ),
    "too-many-cells": Cause(
        _("The row has more cells than the header"),
        _("A cell that contains the separator needs quotation marks around it."),
    ),
    "long-cell": Cause(_("A cell is too long"), _("Shorten it to 2,000 characters.")),
    "no-name": Cause(_("The name is missing"), _("Fill in the name, or delete the row.")),
    "bad-name": Cause(
        _("The name cannot be used"),
        _("A name has at least one letter or digit and at most 200 characters."),
    ),
    "bad-country": Cause(
        _("The country is not known"), _("Use the two letters, such as DE, or the usual name.")
    ),
    "bad-domain": Cause(_("The web domain cannot be read"), _("Write it like example.com.")),
    "shared-domain": Cause(
        _("Many companies share this web domain"),
        _("Take it out: free mail and hosting domains say nothing about one company."),
    ),
    "bad-designation": Cause(
        _("The designation is not known"), _("Use open, vendor-direct or restricted.")
    ),
    "bad-industry": Cause(
        _("The industry is not in your catalog"),
        _("Add it under Settings, Catalog, or use a name from there."),
    ),
    "bad-number": Cause(
        _("The registration number is wrong"),
        _(
            "A digit is wrong or missing. Write the kind in front of others, such as “DUNS: 123456789”."
        ),
    ),
    "bad-external-id": Cause(_("The external ID cannot be used"), _("Use at most 64 characters.")),
    "bad-site": Cause(_("The site cannot be used"), _("Shorten street, city or postcode.")),
    "several-named-so": Cause(
        _("Several companies carry this name in this country"),
        _("Add a web domain, a registration number or an external ID."),
    ),
    "two-companies": Cause(
        _("The row points to two companies"),
        _(
            "Its domain, number and external ID belong to different companies. Merge these, or part the row."
        ),
    ),
    "too-many-names": Cause(
        _("The company has as many names or domains as it may have"),
        _("Remove some on the company’s page first."),
    ),
    "parent-unknown": Cause(
        _("Loaded, but its parent is not known"),
        _("Load the parent too, or set it on the company’s page."),
    ),
    "parent-circle": Cause(
        _("Loaded, but its parent is one of its own subsidiaries"),
        _("Set the parent on the company’s page."),
    ),
    "kept-used": Cause(
        _("Kept: something refers to this company now"),
        _("A deal, a decision about a pair or a subsidiary has come since."),
    ),
    "kept-changed": Cause(
        _("Kept: this company was changed since"), _("Somebody has edited it after it was loaded.")
    ),
}


def text_of(code: str) -> str:
    """A cause in words; nothing for none."""
    return str(CAUSES[code].text) if code in CAUSES else ""


def hint_of(code: str) -> str:
    """What helps, in words; nothing for none."""
    return str(CAUSES[code].hint) if code in CAUSES else ""
