"""What each URL takes: the keys of the seeded world in its path, and a form that would be accepted.

`Address.form` is what somebody with the right would send, so that a refusal in the access table is a
refusal of the person and not of the form.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from prm import clock
from tests.standing import imports, operators, rules, terms, working
from tests.world import PASSWORD

Keys = Mapping[str, str]
Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """One URL: path arguments by key, and the form for POST."""

    path: Mapping[str, str] = field(default_factory=dict)
    form: Callable[[Keys], Form] = lambda keys: {}
    fixed: Mapping[str, str] = field(default_factory=dict)

    def url(self, name: str, keys: Keys, urlconf: str) -> str:
        """Return the address with the keys of one tenant."""
        found = {part: keys[key] for part, key in self.path.items()}
        return reverse(name, kwargs={**found, **self.fixed} or None, urlconf=urlconf)

    @property
    def has_object(self) -> bool:
        """Whether a record's name is in the path."""
        return bool(self.path)


def _just(**form: Any) -> Callable[[Keys], Form]:
    return lambda keys: form


def _versioned(key: str, **form: Any) -> Callable[[Keys], Form]:
    return lambda keys: {"version": keys[f"{key}.version"], **form}


def _drafted(**form: Any) -> Callable[[Keys], Form]:
    return lambda keys: {"version": keys["rules.draft.version"], **form}


NOTHING = _just()
DISTRIBUTION = {"kind": "leads-distribution"}


def _rules(form: Callable[[Keys], Form] = NOTHING, **more: str) -> Address:
    return Address(form=form, fixed={**DISTRIBUTION, **more})


def _deal(name: str, form: Callable[[Keys], Form] = NOTHING, **more: str) -> Address:
    return Address({"reference": f"own.{name}", **more}, form)


def _month() -> str:
    return f"{clock.now():%Y}-12"


CUSTOMER = {"company_name": "Fresh Customer", "website": "", "country": "US"}
PERSON = {"name": "New Colleague", "email": "colleague@new.example", "role": "SELLER"}
PARTNER = {"name": "New Partner", "country": "US"}
CONTACT = {"name": "Somebody Else", "email": "else@new.example", "functions": ["SALES"]}
COMPANY = {"name": "New Company", "country": "US", "designation": "OPEN"}


def _deal_form(keys: Keys) -> Form:
    from catalog.models import ProductLine

    line = ProductLine.objects.get(code=keys["line"])
    return {
        "product_lines": [line.pk], "value": "12500", "currency": "USD",
        "expected_close": _month(), "stage": "QUALIFIED",
    }  # fmt: skip


def _assigned(keys: Keys) -> Form:
    return {"version": keys["own.waiting.version"], "to": keys["reviewer"]}


def _jointly(keys: Keys) -> Form:
    return {
        "version": keys["own.pair.version"], "other": keys["rival.pair"], "share": "50",
        "overrule": "on",
    }  # fmt: skip


def _doubled(keys: Keys) -> Form:
    return {"version": keys["own.twice.version"], "other": keys["own.once"], "note": "Twice."}


def _halved(keys: Keys) -> Form:
    from catalog.models import ProductLine

    line = ProductLine.objects.get(code="crm")
    return {"version": keys["own.whole.version"], "lines": [line.pk], "value": "100"}


def _held(keys: Keys) -> Form:
    return {"version": keys["own.waiting.version"], "until": keys["tomorrow"]}


def _absence(keys: Keys) -> Form:
    days = {"first_day": keys["holiday"], "last_day": keys["holiday"]}
    return {"user": keys["reviewer"], **days}


def _lead(name: str, **form: Any) -> Address:
    return Address({"reference": f"lead.{name}"}, _versioned(f"lead.{name}", **form))


def _lead_form(keys: Keys) -> Form:
    from catalog.models import ProductLine

    line = ProductLine.objects.get(code=keys["line"])
    return {
        "token": str(uuid.uuid4()), "company_name": "Fresh Lead", "website": "", "country": "US",
        "contact_name": "Kim", "contact_email": "kim@fresh.example", "need": "Something new",
        "product_lines": [line.pk], "consent": "By telephone",
    }  # fmt: skip


def _new_customer(keys: Keys) -> Form:
    return {**CUSTOMER, "token": str(uuid.uuid4())}


def _another_name(keys: Keys) -> Form:
    return {"name": "Another Name"}


def _parting(keys: Keys) -> Form:
    return {"names": [keys["company.split.name"]]}


def _removal(keys: Keys) -> Form:
    return {"kind": "name", "key": keys["company.split.name"]}


def _list(keys: Keys) -> Form:
    return {"file": SimpleUploadedFile("list.csv", b"Name\nNew Company\n", "text/csv")}


def _more_time(keys: Keys) -> Form:
    return {
        "version": keys["own.approved.version"], "reason": "A meeting", "evidence": working.proof(),
    }  # fmt: skip


ADDRESSES: dict[str, Address] = {
    # --- deals, the partner's side
    "registrations:new": Address(form=_new_customer),
    "registrations:availability": Address(form=_just(**CUSTOMER)),
    "registrations:manage-checks": Address(),
    "registrations:manage-search": Address(),
    "registrations:availability-settings": Address(
        form=_just(disclosure="GENERIC", per_person_hour="30", per_partner_day="100")
    ),
    "registrations:imports": Address(form=imports.sent),
    "registrations:import": Address({"uid": "import.checked"}),
    "registrations:import-columns": Address({"uid": "import.mapping"}, imports.columns),
    "registrations:import-rows": Address({"uid": "import.checked"}),
    "registrations:import-start": Address({"uid": "import.checked"}),
    "registrations:import-discard": Address({"uid": "import.discard"}),
    "registrations:import-undo": Address({"uid": "import.done"}),
    "registrations:import-report": Address({"uid": "import.done"}),
    "registrations:save-new": Address(form=_new_customer),
    "registrations:detail": _deal("approved"),
    "registrations:customer": _deal("draft", _just(**CUSTOMER)),
    "registrations:deal": _deal("draft", _deal_form),
    "registrations:check": _deal("draft", _versioned("own.draft")),
    "registrations:save": _deal("draft", _just(**CUSTOMER)),
    "registrations:discard": _deal("draft"),
    "registrations:withdraw": _deal("waiting", _versioned("own.waiting", reason="Because")),
    "registrations:answer": _deal("asked", _versioned("own.asked", answer="Soon.")),
    "registrations:active": _deal("approved"),
    "registrations:stage": _deal("approved", _just(stage="NEGOTIATION")),
    "registrations:close": _deal("approved", _versioned("own.approved", code="WON")),
    "registrations:hand-over": _deal("approved", lambda keys: {"colleague": keys["own.colleague"]}),
    "registrations:message": _deal("approved", _just(text="Hello")),
    "registrations:files": _deal("draft"),
    "registrations:file-add": _deal("approved", lambda keys: {"file": working.proof()}),
    "registrations:file": _deal("approved", uid="own.file"),
    "registrations:file-remove": _deal("draft", uid="own.draft.file"),
    "registrations:extension": _deal("approved", _more_time),
    "registrations:extension-withdraw": _deal("extending", uid="own.extension"),
    "registrations:certificate": _deal("approved"),
    # --- deals, the vendor's side
    "registrations:manage-message": _deal("approved", _just(text="Hello")),
    "registrations:manage-note": _deal("approved", _just(text="Hello")),
    "registrations:manage-file-add": _deal("approved", lambda keys: {"file": working.proof()}),
    "registrations:manage-file": _deal("approved", uid="own.file"),
    "registrations:manage-certificate": _deal("approved"),
    "registrations:manage-extension-grant": _deal("extending", uid="own.extension"),
    "registrations:manage-extension-refuse": _deal(
        "extending", _just(note="No."), uid="own.extension"
    ),
    "registrations:manage-detail": _deal("waiting"),
    "registrations:manage-take": _deal("waiting"),
    "registrations:manage-customer": _deal("waiting"),
    "registrations:manage-approve": _deal("clear", _versioned("own.clear", overrule="on")),
    "registrations:manage-enqueue": _deal("behind", _versioned("own.behind")),
    "registrations:manage-decline": _deal(
        "waiting", _versioned("own.waiting", code="DIRECT", note="No.")
    ),
    "registrations:manage-ask": _deal("waiting", _versioned("own.waiting", question="When?")),
    "registrations:manage-preview": _deal(
        "waiting", _versioned("own.waiting", code="DIRECT", note="No.")
    ),
    "registrations:manage-assign": _deal("waiting", _assigned),
    "registrations:manage-jointly": _deal("pair", _jointly),
    "registrations:manage-duplicate": _deal("twice", _doubled),
    "registrations:manage-split": _deal("whole", _halved),
    "registrations:manage-hold": _deal("waiting", _held),
    "registrations:manage-unhold": _deal("held"),
    "registrations:manage-reopen": _deal("rejected", _versioned("own.rejected", reason="Again.")),
    "registrations:manage-revoke": _deal(
        "approved", _versioned("own.approved", code="REVOKED", note="No.")
    ),
    "registrations:manage-undo": _deal("rejected", decision="own.decision"),
    "registrations:manage-behalf": Address(form=lambda keys: {"seller": keys["own.person"]}),
    "registrations:manage-behalf-new": Address({"seller": "own.person"}, _new_customer),
    "registrations:manage-behalf-customer": _deal("behalf", _just(**CUSTOMER)),
    "registrations:manage-behalf-deal": _deal("behalf", _deal_form),
    "registrations:manage-behalf-check": _deal("behalf", _versioned("own.behalf")),
    "registrations:manage-behalf-discard": _deal("behalf"),
    "registrations:manage-absences": Address(form=_absence),
    "registrations:manage-absence-cancel": Address({"uid": "absence"}),
    "registrations:manage-settle": _deal(
        "waiting", _just(settlement="DIFFERENT"), conflict="own.conflict"
    ),
    # --- leads: the agent's, the partner's, the vendor's side
    "leads:agent-new": Address(form=_lead_form),
    "leads:agent-save-new": Address(form=_lead_form),
    "leads:agent-detail": Address({"reference": "lead.qualifying"}),
    "leads:agent-edit": Address({"reference": "lead.qualifying"}, _lead_form),
    "leads:agent-save": Address({"reference": "lead.qualifying"}, _lead_form),
    "leads:agent-qualify": _lead("qualifying", checks=["NEED"], rating="HOT"),
    "leads:agent-disqualify": _lead("qualifying", code="NO_NEED"),
    "leads:agent-discard": Address({"reference": "lead.new"}),
    "leads:offer": Address({"reference": "own.offer.held"}),
    "leads:accept": Address({"reference": "own.offer.ready"}),
    "leads:decline": Address({"reference": "own.offer.open"}, _just(code="NO_TIME")),
    "leads:contacted": Address({"reference": "own.offer.held"}),
    "leads:deal": Address({"reference": "own.offer.contacted"}),
    "leads:lost": Address(
        {"reference": "own.offer.held"}, _versioned("own.offer.held.lead", code="OTHER")
    ),
    "leads:manage-weight": Address({"reference": "own.partner"}, _just(weight="20")),
    "leads:manage-choose": Address(form=lambda keys: {"selected": [keys["lead.qualified"]]}),
    "leads:manage-preview": Address(form=lambda keys: {"selected": [keys["lead.qualified"]]}),
    "leads:manage-detail": Address({"reference": "own.offer.open.lead"}),
    "leads:manage-distribute": _lead("qualified"),
    "leads:manage-assign": Address(
        {"reference": "lead.qualified"},
        lambda keys: {
            "version": keys["lead.qualified.version"], "partner": keys["own.partner"],
            "reason": "Theirs",
        },
    ),
    "leads:manage-withdraw": Address(
        {"reference": "own.offer.open.lead"},
        _versioned("own.offer.open.lead", reason="Because"),
    ),
    "leads:manage-take-back": Address(
        {"reference": "own.offer.held.lead"},
        _versioned("own.offer.held.lead", reason="Because"),
    ),
    "leads:manage-disqualify": _lead("qualified", code="NO_NEED"),
    # --- companies
    "companies:tuning": Address(form=_just(threshold_offset="5", stop_words="dental")),
    "companies:tuning-restore": Address({"uid": "tuning"}),
    "companies:add": Address(form=_just(**COMPANY)),
    "companies:detail": Address({"uid": "company"}),
    "companies:edit": Address({"uid": "company"}, _just(name="Renamed", country="US")),
    "companies:designation": Address({"uid": "company"}, _just(designation="RESTRICTED")),
    "companies:names": Address({"uid": "company"}, _another_name),
    "companies:domains": Address({"uid": "company"}, _just(domain="another-one.example")),
    "companies:numbers": Address({"uid": "company"}, _just(scheme="DUNS", value="150483782")),
    "companies:sites": Address({"uid": "company"}, _just(**{"site-city": "Bonn"})),
    "companies:external-ids": Address({"uid": "company"}, _just(system="erp", external_id="9")),
    "companies:industry": Address({"uid": "company"}),
    "companies:remove-fact": Address({"uid": "company.split"}, _removal),
    "companies:others": Address({"uid": "company"}),
    "companies:parent": Address({"uid": "company"}),
    "companies:beside": Address({"uid": "company", "other": "company.beside"}),
    "companies:unmerge": Address({"uid": "merge.winner", "merge": "merge"}),
    "companies:split": Address({"uid": "company.split"}, _parting),
    "companies:lists": Address(form=_list),
    "companies:one-list": Address({"uid": "list.checked"}),
    "companies:list-columns": Address({"uid": "list.mapping"}, _just(name="0")),
    "companies:list-load": Address({"uid": "list.checked"}),
    "companies:list-discard": Address({"uid": "list.discard"}),
    "companies:list-undo": Address({"uid": "list.loaded"}),
    "companies:list-report": Address({"uid": "list.checked"}),
    "companies:confirm": Address({"uid": "own.waiting.company"}),
    "companies:merge": Address({"uid": "own.waiting.company", "other": "company.beside"}),
    "companies:verdict": Address({"uid": "own.waiting.company", "other": "company.beside"}),
    # --- partners, the vendor's side
    "partners:manage-add": Address(form=_just(**PARTNER)),
    "partners:manage-detail": Address({"reference": "own.partner"}),
    "partners:manage-edit": Address({"reference": "own.partner"}, _just(**PARTNER)),
    "partners:manage-end": Address({"reference": "own.partner"}, _just(reason="Because")),
    "partners:manage-reopen": Address({"reference": "ended"}),
    "partners:manage-invite": Address({"reference": "own.partner"}, _just(**PERSON)),
    "partners:manage-person": Address(
        {"reference": "own.partner", "uid": "own.person"}, _just(role="SELLER")
    ),
    "partners:manage-person-remove": Address({"reference": "own.partner", "uid": "own.person"}),
    "partners:manage-person-restore": Address({"reference": "own.partner", "uid": "own.gone"}),
    "partners:manage-invitation-resend": Address(
        {"reference": "own.partner", "uid": "own.invitation"}
    ),
    "partners:manage-invitation-withdraw": Address(
        {"reference": "own.partner", "uid": "own.invitation"}
    ),
    "partners:manage-person-act": Address(
        {"reference": "own.partner", "uid": "own.person"}, _just(reason="Because")
    ),
    # --- partners, their own side
    "partners:own-invite": Address(form=_just(**PERSON)),
    "partners:own-person": Address({"uid": "own.person"}, _just(role="SELLER")),
    "partners:own-person-remove": Address({"uid": "own.person"}),
    "partners:own-person-restore": Address({"uid": "own.gone"}),
    "partners:own-invitation-resend": Address({"uid": "own.invitation"}),
    "partners:own-invitation-withdraw": Address({"uid": "own.invitation"}),
    # --- profiles and contacts, the vendor's side
    "partners:manage-skills": Address({"reference": "own.partner"}),
    "partners:manage-hours": Address({"reference": "own.partner"}, _just(day_0="09:00-17:00")),
    "partners:manage-contacts": Address({"reference": "own.partner"}),
    "partners:manage-contact-add": Address({"reference": "own.partner"}, _just(**CONTACT)),
    "partners:manage-contact": Address(
        {"reference": "own.partner", "uid": "own.contact"}, _just(**CONTACT)
    ),
    "partners:manage-contact-remove": Address({"reference": "own.partner", "uid": "own.contact"}),
    "partners:profile-rule": Address(form=_just(valid_days="90", announce_days="30, 7")),
    # --- profiles and contacts, their own side
    "partners:profile-hours": Address(form=_just(day_0="09:00-17:00")),
    "partners:contact-add": Address(form=_just(**CONTACT)),
    "partners:contact": Address({"uid": "own.contact"}, _just(**CONTACT)),
    "partners:contact-remove": Address({"uid": "own.contact"}),
    # --- agreements and acceptances
    "partners:agreement-add": Address(form=_just(title="New Terms")),
    "partners:agreement": Address({"reference": "agreement"}),
    "partners:agreement-rename": Address({"reference": "agreement"}, _just(title="Renamed")),
    "partners:agreement-draft": Address(
        {"reference": "agreement"}, _just(text_en="One", text_de="Eins", required_of="ALL")
    ),
    "partners:agreement-preview": Address({"reference": "agreement"}),
    "partners:agreement-discard": Address({"reference": "agreement"}),
    "partners:agreement-retire": Address({"reference": "agreement"}),
    "partners:agreement-restore": Address({"reference": "agreement"}),
    "partners:agreement-version": Address({"reference": "agreement"}, fixed={"number": "1"}),
    "partners:agreement-coverage": Address({"reference": "agreement"}, fixed={"number": "1"}),
    "partners:terms": Address({"reference": "terms"}, terms.accepting, {"number": "1"}),
    "partners:acceptance": Address({"reference": "own.acceptance"}),
    "partners:receipt": Address({"reference": "own.acceptance"}),
    # --- catalog
    "catalog:entries": Address(fixed={"kind": "product-lines"}),
    "catalog:add": Address(form=_just(name="New Line"), fixed={"kind": "product-lines"}),
    "catalog:edit": Address({"code": "line"}, _just(name="Line"), {"kind": "product-lines"}),
    "catalog:retire": Address({"code": "line"}, fixed={"kind": "product-lines"}),
    "catalog:restore": Address({"code": "retired"}, fixed={"kind": "industries"}),
    "catalog:move": Address({"code": "line"}, fixed={"kind": "product-lines"}),
    # --- people of the portal
    "users:me": Address(form=_just(name="Same", theme="AUTO", density="COMFORTABLE")),
    "users:view-save": Address(form=_just(list_name="users:me", query="q=x", name="Mine")),
    "users:view-rename": Address({"uid": "own.view"}, _just(name="Another name")),
    "users:view-delete": Address({"uid": "own.view"}),
    "users:invite": Address(
        form=_just(email="new@staff.example", audience="VENDOR", roles=["ANALYST"])
    ),
    "users:invitation-resend": Address({"uid": "invitation"}),
    "users:invitation-withdraw": Address({"uid": "invitation"}),
    "users:person": Address({"uid": "referee"}),
    "users:rename": Address({"uid": "referee"}, _just(name="Renamed")),
    "users:roles": Address({"uid": "referee"}, _just(roles=["LEGAL"])),
    "users:disable": Address({"uid": "referee"}),
    "users:enable": Address({"uid": "referee"}),
    "users:second-factor": Address({"uid": "referee"}),
    # --- the portal's settings
    "portal:brand": Address(form=_just(name="Portal", colour="#112233")),
    "portal:languages": Address(form=_just(languages=["en", "de"], language="en")),
    "portal:zone": Address(form=_just(zone="Europe/Berlin")),
    "portal:currency": Address(form=_just(currency="CHF")),
    "portal:sender": Address(form=_just(sender_name="Sender")),
    "portal:hours": Address(form=_just(day_0="09:00-17:00")),
    "portal:closure-add": Address(form=_just(day="2031-05-01", name="May")),
    "portal:closure-remove": Address({"day": "closure"}),
    "portal:rate-add": Address(form=_just(currency="CHF", rate="1.1", effective_on="2031-05-01")),
    # --- rules
    "rules:kind": _rules(),
    "rules:explain": _rules(),
    "rules:version": _rules(number="1"),
    "rules:again": _rules(_just(note="Because"), number="1"),
    "rules:withdraw": _rules(_just(note="Because"), number="3"),
    "rules:draft": _rules(_drafted(note="Because")),
    "rules:publish": _rules(_drafted(note="Because")),
    "rules:discard": _rules(_drafted()),
    "rules:add": _rules(_drafted()),
    "rules:defaults": _rules(rules.defaults_form),
    "rules:rule": Address({"code": "rules.rule"}, rules.rule_form, DISTRIBUTION),
    "rules:move": Address({"code": "rules.rule"}, _drafted(direction="up"), DISTRIBUTION),
    "rules:remove": Address({"code": "rules.rule"}, _drafted(), DISTRIBUTION),
    # --- messages, links, files
    "notifications:message": Address({"uid": "own.message"}),
    "notifications:message-arrived": Address({"uid": "uncertain"}),
    "notifications:message-again": Address({"uid": "uncertain"}),
    "action-link": Address({"token": "own.link.still-active"}),
    "logo": Address({"name": "logo"}),
    "ui:brand": Address(fixed={"digest": "anything"}),
    "ui:preferences-quick": Address(form=_just(theme="dark")),
    # --- signing in
    "account_login": Address(form=_just(login="ada@acme.example", password=PASSWORD)),
    "account_change_password": Address(
        form=_just(oldpassword=PASSWORD, password1="quite-long-2026", password2="quite-long-2026")
    ),
    "account_reauthenticate": Address(form=_just(password=PASSWORD)),
    "account_reset_password": Address(form=_just(email="ada@acme.example")),
    "account_reset_password_from_key": Address(fixed={"uidb36": "1", "key": "forged"}),
    # --- the operators' console
    "tenants:new": Address(
        form=_just(
            name="Third", host="third", language="en", currency="USD", zone="UTC", country="US",
            administrator_name="First", administrator_email="first@third.example",
        )
    ),
    "tenants:detail": Address({"uid": "acme"}),
    "tenants:suspend": Address({"uid": "acme"}, _just(reason="Because")),
    "tenants:resume": Address({"uid": "stopped"}),
    "tenants:retry": Address({"uid": "failed"}),
    **operators.addresses(Address, _just),
    # --- the demo
    "demo:sign-in": Address(form=_just(email="mia@acme.example")),
    "demo:clock": Address(form=_just(step="hour")),
    "demo:message": Address({"key": "captured"}),
    "demo:message-html": Address({"key": "captured"}, fixed={"scheme": "dark"}),
}  # fmt: skip


def address_of(name: str) -> Address:
    """Return what a URL takes; one without an entry takes nothing."""
    return ADDRESSES.get(name, Address())
