"""The columns that a file of running registrations may have, and what a header probably means. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from companies.loads.columns import Column, bare, guess

MAX_ROWS = 20_000
MAX_BYTES = 64 * 1024 * 1024
MAX_COLUMNS = 100

COLUMNS = (
    Column("old_reference", _("Old reference"), _("What it is called where it ran so far; once per deal."), (
        "oldreference", "reference", "ref", "dealid", "dealregistrationid", "registrationid", "registrationnumber",
        "dealnumber", "id", "altereferenz", "referenz", "alteskennzeichen", "kennung", "registrierungsnummer",
        "vorgangsnummer", "projektnummer",
    )),
    Column("partner", _("Partner"), _("Its name or reference in this portal."), (
        "partner", "partnername", "partnerreference", "partneraccount", "reseller", "resellername", "channelpartner",
        "holder", "handler", "fachhandler", "partnerfirma", "inhaber",
    )),
    Column("owner", _("Owner’s e-mail address"), _("A person of that partner; else its administrator."), (
        "owner", "owneremail", "ownersemailaddress", "ownersemail", "owneremailaddress", "partneremail", "partnercontactemail", "seller", "selleremail",
        "salesrepemail", "submittedby", "verantwortlich", "verkaufer", "email", "emaildesverkaufers",
        "emaildesinhabers", "emailadressedesinhabers",
    )),
    Column("company", _("Company"), _("The customer’s name."), (
        "company", "companyname", "customer", "customername", "enduser", "endcustomer", "account", "accountname",
        "firma", "kunde", "kundenname", "endkunde", "unternehmen",
    )),
    Column("website", _("Website"), _("Any link; the domain is kept."), (
        "website", "web", "url", "domain", "homepage", "customerwebsite", "webseite", "internet",
    )),
    Column("country", _("Country"), _("Two letters, or the name."), (
        "country", "countrycode", "customercountry", "land", "staat",
    )),
    Column("product_lines", _("Product lines"), _("Names or codes, several parted by ; | or a comma."), (
        "productlines", "productline", "products", "product", "solution", "solutions", "produktlinien",
        "produktlinie", "produkte", "produkt",
    )),
    Column("value", _("Value"), _("For example 12,500 or 1.2m."), (
        "value", "amount", "dealvalue", "dealsize", "revenue", "expectedrevenue", "estimatedvalue", "wert",
        "betrag", "umsatz", "volumen", "auftragswert", "dealwert",
    )),
    Column("currency", _("Currency"), _("Three letters; else the portal’s."), (
        "currency", "currencycode", "wahrung", "wahrungscode",
    )),
    Column("expected_close", _("Expected close"), _("A day or a month."), (
        "expectedclose", "expectedclosedate", "closedate", "estimatedclose", "abschluss", "erwarteterabschluss",
        "abschlussdatum",
    )),
    Column("stage", _("Sales stage"), _("Prospect, qualified, proposal, negotiation or committed."), (
        "stage", "salesstage", "phase", "verkaufsphase", "vertriebsphase", "verkaufsstufe",
    )),
    Column("status", _("Status"), _("Open, in review, approved or in line."), (
        "status", "state", "dealstatus", "registrationstatus", "approvalstatus", "zustand",
    )),
    Column("registered_on", _("Registered on"), _("When it was registered there, with the time if you have it."), (
        "registeredon", "registered", "registrationdate", "submittedon", "submitted", "submissiondate", "createdon",
        "created", "createddate", "dateregistered", "datesubmitted", "registriertam", "registriert",
        "registrierungsdatum", "eingereichtam", "erstelltam", "angelegtam",
    )),
    Column("approved_on", _("Approved on"), "", (
        "approvedon", "approved", "approvaldate", "dateapproved", "genehmigtam", "genehmigt", "genehmigungsdatum",
        "bestatigtam",
    )),
    Column("protected_until", _("Protected until"), _("The last protected day; an approved deal needs it."), (
        "protecteduntil", "protectionend", "protectionenddate", "expires", "expireson", "expirydate",
        "expirationdate", "validuntil", "geschutztbis", "schutzbis", "schutzende", "gultigbis", "ablaufdatum",
    )),
    Column("contact_name", _("Contact at the customer"), "", (
        "contact", "contactname", "customercontact", "customercontactname", "contactatthecustomer",
        "ansprechpartner", "kontakt", "kontaktname", "kontaktbeimkunden",
    )),
    Column("contact_email", _("Contact’s e-mail address"), "", (
        "contactemail", "contactsemail", "contactemailaddress", "contactsemailaddress", "customeremail",
        "customercontactemail", "kontaktemail", "emaildesansprechpartners", "emailadressedeskontakts",
    )),
    Column("description", _("Description"), "", (
        "description", "notes", "comment", "comments", "whatitisabout", "beschreibung", "notiz", "bemerkung",
    )),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
REQUIRED = (
    "old_reference", "partner", "company", "country", "product_lines", "value", "expected_close", "status",
    "registered_on",
)  # fmt: skip
"""Columns that a file cannot do without."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file's columns probably are meant; `guessed` are known by their header alone."""

    mapping: Mapping[str, int]
    guessed: tuple[str, ...]


def propose(header: Sequence[str], before: Mapping[str, str]) -> Proposal:
    """Match columns as in the last import (`before`: our key -> its header then), else by their header."""
    positions: dict[str, int] = {}
    for at, head in enumerate(header):
        positions.setdefault(head, at)
    found = {key: positions[head] for key, head in before.items() if head and head in positions}
    guessed = {
        key: at
        for key, at in guess(header, _by_any_name()).items()
        if key not in found and at not in found.values()
    }
    return Proposal(found | guessed, tuple(guessed))


@cache
def _by_any_name() -> tuple[Column, ...]:
    """The columns with their labels in every language of the portal among the words that mean them."""
    labels: dict[str, list[str]] = {column.key: [] for column in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in COLUMNS:
                labels[column.key].append(bare(str(column.label)))
    return tuple(replace(column, words=(*labels[column.key], *column.words)) for column in COLUMNS)
