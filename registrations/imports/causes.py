"""Why a row of a file cannot be imported, and what helps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.loads.causes import Cause

CAUSES: dict[str, Cause] = {
    "unreadable": Cause(
        _("The file cannot be read from here on"),
        _("A quotation mark is missing or too much. Rows after this one were not looked at."),
    ),
    "too-many-rows": Cause(
        _("The file has more rows than can be imported at once"),
        _("Part it into several files. Rows after this one were not looked at."),
    ),
    "too-many-cells": Cause(
        _("The row has more cells than the header"),
        _("A cell that contains the separator needs quotation marks around it."),
    ),
    "long-cell": Cause(_("A cell is too long"), _("Shorten it.")),
    "control": Cause(
        _("A cell has characters that cannot be shown"),
        _("Type the cell anew; something came along when it was copied."),
    ),
    "markup": Cause(
        _("A cell has HTML in it"), _("Leave the text and take out the signs < and > around tags.")
    ),
    "missing": Cause(_("Something is missing"), _("Fill in the cell, or leave the row out.")),
    "no-partner": Cause(
        _("The partner is not known"),
        _("Use its name or reference as in this portal, or add the partner first."),
    ),
    "partner-ended": Cause(
        _("The partner has ended"), _("Reopen the partner first, or name another one.")
    ),
    "nobody": Cause(
        _("Nobody at the partner can own the deal"), _("Invite somebody of the partner first.")
    ),
    "owner-elsewhere": Cause(
        _("The owner does not work for this partner"),
        _(
            "Name somebody of the partner, or leave the cell empty: its administrator gets the deal."
        ),
    ),
    "bad-company": Cause(
        _("The company’s name cannot be used"),
        _("A name has at least one letter or digit and at most 200 characters."),
    ),
    "bad-website": Cause(_("The website cannot be read"), _("Write it like example.com.")),
    "bad-country": Cause(
        _("The country is not known"), _("Use the two letters, such as DE, or the usual name.")
    ),
    "bad-lines": Cause(
        _("A product line is not in your catalog"),
        _("Use names or codes from Settings, Catalog, parted by a semicolon."),
    ),
    "bad-value": Cause(
        _("The value cannot be read"), _("Write it in figures, for example 12500 or 1.2m.")
    ),
    "bad-currency": Cause(_("The currency is not known"), _("Use the three letters, such as EUR.")),
    "bad-date": Cause(_("A date cannot be read"), _("Write it like 2026-03-14 or 14 Mar 2026.")),
    "bad-stage": Cause(
        _("The sales stage is not one of a running deal"),
        _("Use prospect, qualified, proposal, negotiation or committed."),
    ),
    "bad-status": Cause(
        _("The status is not one of a running deal"),
        _("Use open, in review, approved or in line. Leave out deals that are over."),
    ),
    "bad-email": Cause(_("An e-mail address cannot be read"), _("Write it like name@example.com.")),
    "in-future": Cause(
        _("A date is in the future"),
        _("A deal cannot have been registered or approved later than now."),
    ),
    "approved-first": Cause(
        _("It was approved before it was registered"), _("Look at the two dates.")
    ),
    "no-end": Cause(
        _("An approved deal needs the day its protection ends"), _("Fill in “Protected until”.")
    ),
    "ended": Cause(
        _("Its protection is over"), _("It is no running deal any more: leave the row out.")
    ),
    "held-by-line": Cause(
        _("An earlier row has this customer in this scope"),
        _(
            "Only one can be protected. Let the later one stand in line, or change its product lines."
        ),
    ),
    "held-here": Cause(
        _("Somebody holds this customer in this scope here already"),
        _("Let the row stand in line, or end the other protection first."),
    ),
    "repeated": Cause(
        _("The old reference is in an earlier row of this file"), _("Only the first is imported.")
    ),
    "kept": Cause(
        _("Kept: something has happened to the deal since"), _("Close or decide it by hand.")
    ),
    "owner-unknown": Cause(
        _("The owner is not known here; the partner’s administrator gets the deal"),
        _("Invite the person first, or hand the deal over afterwards."),
    ),
}


def text_of(code: str) -> str:
    """A cause in words; nothing for none."""
    return str(CAUSES[code].text) if code in CAUSES else ""


def hint_of(code: str) -> str:
    """What helps, in words; nothing for none."""
    return str(CAUSES[code].hint) if code in CAUSES else ""


def sentence_of(cause: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    """One cause of one row: what is wrong, in which column, and which line or deal it refers to."""
    code = str(cause.get("code", ""))
    if code == "held-by-line" and cause.get("line"):
        words = _(
            "Line %(line)s of the file has this customer in this scope: it was registered first."
        )
        return str(words) % {"line": cause["line"]}
    if code == "held-here" and cause.get("by"):
        words = _("%(deal)s holds this customer in this scope here.")
        return str(words) % {"deal": cause["by"]}
    if code == "repeated" and cause.get("line"):
        return str(_("Line %(line)s has the same old reference.")) % {"line": cause["line"]}
    label = labels.get(str(cause.get("field", "")))
    return f"{label}: {text_of(code)}" if label else text_of(code)
