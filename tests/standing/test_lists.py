"""Every list costs the same number of queries with one row as with three, and not more than twelve."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import services as catalog
from catalog.enums import Kind
from companies import services as companies
from companies.models import Company, DuplicatePair, DuplicateScan
from companies.services import start_load
from leads import engagement
from leads import services as leads
from notifications import services as notifications
from notifications.delivery import deliver
from partners import services as partners
from partners.enums import Function, Gate
from partners.models import AgreementVersion, Partner
from partners.services import Profile
from prm import clock, rules
from prm.access import Audience, Role
from prm.portal.services import add_rate
from prm.tenancy import context
from registrations import services as registrations
from registrations.models import RegistrationImport
from tenants import services as tenants
from tenants.services import NewTenant
from tests.conftest import HOSTS
from tests.leads.conftest import make_qualified
from tests.registrations.conftest import make_submitted
from tests.registrations.importing import content, row, upload
from tests.standing import matrix
from tests.standing.addresses import address_of
from users import services as people
from users.models import User

MOST = 12
MOST_OF_A_COMPANY = (
    27  # the search for its likes, and a query per kind of fact: names, domains, sites, deals
)
MOST_OF_A_RECORD = 30  # a case shows its queue, conflicts, messages, evidence, rules and history
WORD = "zulu"


def _user(email: str) -> User:
    return User.objects.get(email=email)


def _pat() -> User:
    return _user("pat@harbor.example")


def _mia() -> User:
    return _user("mia@acme.example")


def _ada() -> User:
    return _user("ada@acme.example")


def _olga() -> User:
    return _user("olga@operator.example")


def _deal(at: int) -> Any:
    return make_submitted(_pat(), f"{WORD} number {at}", website=f"{WORD}{at}.example")


def _rival(at: int) -> Any:
    """One more deal at one customer: each collides with all others."""
    seller = _pat() if at % 2 else _user("sam@summit.example")
    return make_submitted(seller, f"{WORD} corporation", website=f"{WORD}.example")


def _check(at: int) -> Any:
    seller = User.objects.get(email=PAT)
    return registrations.check_availability(
        name=f"{WORD} check {at}", website="", country="US", actor=seller
    )


def _company(at: int) -> Any:
    return companies.add_company(name=f"{WORD} company {at}", country="US", actor=_mia())


def _pair(at: int) -> Any:
    """One more pair of companies that may be one."""
    low, high = _company(at), _company(at + 50)
    scan = DuplicateScan.objects.first() or DuplicateScan.objects.create()
    return DuplicatePair.objects.create(
        low=low, high=high, score=60 + at, level="likely", scan=scan, evidence=[]
    )


def _fact(at: int) -> Any:
    """One more of everything that the first company's page lists."""
    company = Company.objects.order_by("pk").first() or _company(0)
    companies.add_number(company, "REGISTER", f"{WORD} {at}", actor=_mia())
    companies.add_external_id(company, "crm", f"{at}", actor=_mia())
    companies.add_site(company, companies.Place(city=f"{WORD} {at}"), actor=_mia())
    companies.set_parent(_company(at + 20), company, actor=_mia())
    companies.confirm_as(_company(at + 40), company, actor=_mia())
    deal = make_submitted(_pat(), f"{WORD} fact {at}")
    companies.confirm_as(deal.company, company, actor=_mia())


def _listed(at: int) -> Any:
    return start_load(SimpleUploadedFile(f"{at}.csv", b"Name\nHooli\n", "text/csv"), actor=_mia())


def _import(at: int) -> Any:
    return registrations.start_import(upload(content(row(at))), actor=_ada())


def _import_row(at: int) -> Any:
    """One more row of the first import, with something wrong and something noted."""
    file = RegistrationImport.objects.first() or _import(1)
    return file.rows.create(
        number=at,
        typed={"company": f"{WORD} {at}", "partner": "Nobody"},
        outcome="ERROR",
        cause="no-partner",
        causes=[{"code": "no-partner", "field": "partner"}],
        notes=["owner-unknown"],
    )


def _import_rows() -> str:
    return f"/settings/deals/import/{RegistrationImport.objects.get().uid}/rows/"


def _import_page() -> str:
    return f"/settings/deals/import/{RegistrationImport.objects.get().uid}/"


def _done_row(at: int) -> Any:
    made = _import_row(at)
    RegistrationImport.objects.update(state="CHECKED")
    return made


def _partner(at: int) -> Any:
    return partners.add_partner(Profile(f"{WORD} partner {at}", "US", manager=_mia()), actor=_mia())


def _colleague(at: int) -> Any:
    user = people.create_person(
        email=f"{WORD}{at}@harbor.example", name=f"{WORD} {at}", audience=Audience.PARTNER,
        actor=_ada(),
    )  # fmt: skip
    harbor = Partner.objects.get(name="Harbor")
    partners.add_membership(user, partner=harbor, role=Role.SELLER, actor=_mia())
    return partners.invite_person(
        harbor, email=f"{WORD}-{at}@new.example", name=WORD, role=Role.SELLER, actor=_mia()
    )


def _staff(at: int) -> Any:
    return people.create_person(
        email=f"{WORD}{at}@acme.example", name=f"{WORD} {at}", audience=Audience.VENDOR,
        roles=[Role.FINANCE, Role.LEGAL], actor=_ada(),
    )  # fmt: skip


def _invitation(at: int) -> Any:
    return people.invite(
        email=f"{WORD}{at}@acme.example", name=WORD, audience=Audience.VENDOR,
        roles=[Role.FINANCE], actor=_ada(),
    )  # fmt: skip


def _mail(at: int) -> Any:
    to = notifications.Address(f"{WORD}{at}@there.example", WORD, "en")
    notifications.notify(
        "account.invitation", recipients=[to], subject=_invitation(at + 50), key=f"{WORD}:{at}",
        context={"links": {}, "host": ""},
    )  # fmt: skip
    deliver()


def _event(at: int) -> Any:
    """Events about records of several kinds."""
    for make in (_deal, _company, _partner):
        make(at)


def _entry(at: int) -> Any:
    return catalog.add_entry(Kind.PRODUCT_LINES, name=f"{WORD} {at}", actor=_ada())


def _agreement(at: int) -> Any:
    """One more agreement that every partner has to accept, and that Harbor has accepted."""
    agreement = partners.add_agreement(title=f"{WORD} terms {at}", actor=_ada())
    draft = partners.Draft(texts={"en": "Be kind."}, gates=(Gate.LEADS,))
    version = partners.save_draft(agreement, draft, actor=_ada())
    partners.publish_version(version, actor=_ada())
    if at % 2:
        paula = _user("paula@harbor.example")
        partners.accept(version, paula.contact, "Paula Principal", "en", "", actor=paula)
    return agreement


def _rate(at: int) -> Any:
    return add_rate(currency=("EUR", "GBP", "CHF")[at % 3], rate=Decimal(at), actor=_ada())


def _version(at: int) -> Any:
    """One more version, each by somebody else and every third withdrawn."""
    actor = (_ada(), _mia())[at % 2]
    later = clock.now() + timedelta(days=at) if at % 3 == 0 else None
    defaults = engagement.DEFAULTS | {"open_cap": str(at)}
    body = {"rules": [], "defaults": defaults}
    version = rules.publish(engagement.KIND, body, actor=actor, effective_at=later)
    if later is not None:
        rules.withdraw(version, actor=actor)
    return version


def _contact(at: int) -> Any:
    harbor = Partner.objects.get(name="Harbor")
    facts = partners.ContactFacts(f"{WORD} {at}", f"{WORD}{at}@c.example", "", (Function.SALES,))
    return partners.add_contact(harbor, facts, actor=_mia())


def _coverage() -> str:
    version = AgreementVersion.objects.order_by("pk").first() or _agreement(9).versions.get()
    return f"/manage/agreements/{version.agreement.reference}/versions/{version.number}/partners/"


def _portal(at: int) -> Any:
    return tenants.reserve_tenant(
        NewTenant(f"{WORD}{at}", f"{WORD} {at}", f"{WORD}{at}.localhost"), actor=_olga()
    )


@dataclass(frozen=True)
class List:
    """A page that lists: who reads it, how another row is made, and how it is narrowed to those."""

    persona: str
    make: Callable[[int], Any]
    url: Callable[[], str]
    query: str = f"?q={WORD}"
    schema: str = "acme"
    most: int = MOST


def _at(url: str) -> Callable[[], str]:
    return lambda: url


def _first_deal(prefix: str) -> Callable[[], str]:
    from registrations.models import Registration

    return lambda: f"{prefix}{Registration.objects.order_by('pk')[0].reference}/"


def _first_company() -> str:
    from companies.models import Company

    return f"/manage/companies/{Company.objects.order_by('pk')[0].uid}/"


def _lead(at: int) -> Any:
    lead = make_qualified(_user("lea@callcenter.example"), f"{WORD} lead {at}")
    leads.assign_lead(lead, Partner.objects.get(name="Harbor"), reason="Theirs", actor=_mia())
    return lead


def _candidate(at: int) -> Any:
    """One more partner, and the first lead distributed again."""
    from leads.models import Lead

    lead = Lead.objects.filter(company_name=f"{WORD} lead 1").first() or make_qualified(
        _user("lea@callcenter.example"), f"{WORD} lead 1", country="JP"
    )
    _partner(at + 90)
    leads.distribute_lead(lead, actor=_mia())


def _first_lead() -> str:
    from leads.models import Lead

    return f"/manage/leads/{Lead.objects.order_by('pk')[0].reference}/"


PAT, PAULA, MIA, ADA = (
    "pat@harbor.example",
    "paula@harbor.example",
    "mia@acme.example",
    "ada@acme.example",
)
LISTS = {
    "registrations:list": List(PAT, _deal, _at("/deals/")),
    "registrations:manage-checks": List(MIA, _check, _at("/manage/availability/")),
    "registrations:manage-queue": List(MIA, _deal, _at("/manage/registrations/")),
    "registrations:import-rows": List(ADA, _import_row, _import_rows, ""),
    "registrations:manage-list": List(MIA, _deal, _at("/manage/registrations/all/")),
    "leads:list": List(PAT, _lead, _at("/leads/")),
    "leads:agent-list": List("lea@callcenter.example", _lead, _at("/agent/leads/")),
    "leads:manage-list": List(MIA, _lead, _at("/manage/leads/")),
    "reports:open-by-company": List(MIA, _deal, _at("/reports/companies/")),
    # Four of them are the search for likely names, five and two are every page's, one the filter's.
    "companies:list": List(MIA, _company, _at("/manage/companies/"), most=MOST + 2),
    "companies:duplicates": List(MIA, _pair, _at("/manage/companies/duplicates/"), ""),
    "partners:manage-list": List(MIA, _partner, _at("/manage/partners/")),
    "partners:agreements": List(MIA, _agreement, _at("/manage/agreements/")),
    "partners:contacts": List(PAULA, _contact, _at("/partner/profile/contacts/"), ""),
    "partners:terms-list": List(PAULA, _agreement, _at("/partner/profile/terms/"), ""),
    "partners:agreement-coverage": List(MIA, _partner, _coverage),
    "partners:own": List(PAULA, _colleague, _at("/partner/"), ""),
    "catalog:entries": List(ADA, _entry, _at("/settings/catalog/product-lines/"), ""),
    "portal:rates": List(ADA, _rate, _at("/settings/rates/")),
    "users:people": List(ADA, _staff, _at("/settings/people/")),
    "users:invitations": List(ADA, _invitation, _at("/settings/people/invitations/")),
    "notifications:log": List(ADA, _mail, _at("/settings/messages/")),
    # One query per kind of record on the page, to name them.
    "events:list": List(ADA, _event, _at("/settings/audit/"), "", most=MOST + 4),
    "ui:styleguide": List(PAT, _deal, _at("/styleguide/"), "?only=list"),
    "tenants:list": List("olga@operator.example", _portal, _at("/tenants/"), schema="ops"),
    # The figures of all portals on the page, and the installation's.
    "tenants:health": List(
        "olga@operator.example", _portal, _at("/tenants/health/"), schema="ops", most=MOST + 3
    ),
}
PLAIN = {  # tables of one record's page: no file of them
    "partners:own", "partners:contacts", "partners:terms-list", "catalog:entries", "tenants:health",
}  # fmt: skip
PARTS = {  # pages of one record that list what hangs on it
    "a deal with its rivals": List(MIA, _rival, _first_deal("/manage/registrations/"), ""),
    "a deal among rivals": List(PAT, _rival, _first_deal("/deals/"), ""),
    "a lead with its candidates": List(MIA, _candidate, _first_lead, ""),
    "the shares of leads": List(MIA, _candidate, _at("/manage/leads/shares/"), ""),
    "a company with its likes": List(MIA, _company, _first_company, "", most=MOST_OF_A_COMPANY),
    "a company with its facts": List(MIA, _fact, _first_company, "", most=MOST_OF_A_COMPANY),
    "lists of companies": List(MIA, _listed, _at("/manage/companies/lists/"), ""),
    "a partner with its people": List(MIA, _colleague, _at("/manage/partners/P-TEST-0000/"), ""),
    "a profile with its tasks": List(PAULA, _agreement, _at("/partner/profile/"), ""),
    "a partner with its terms": List(MIA, _agreement, _at("/manage/partners/P-TEST-0000/"), ""),
    "rules with their versions": List(
        MIA, _version, _at("/settings/rules/leads-distribution/"), ""
    ),
    "imports of deals": List(ADA, _import, _at("/settings/deals/import/"), ""),
    "an import with its problems": List(ADA, _done_row, _import_page, ""),
    "the queue with conflicts": List(MIA, _rival, _at("/manage/registrations/"), ""),
}


def _counts(case: List, browse, queries, query: str, rows: tuple[int, ...]) -> list[list[str]]:
    """Return the statements of the page each time some more rows are there."""
    found, number = [], iter(range(1, 9))
    for more in rows:
        with context.entered(case.schema):
            for _row in range(more):
                case.make(next(number))
            user, url = _user(case.persona), case.url() + query
        client = browse(user, case.schema)
        client.get(url)  # what is read once per process is read now
        with queries() as ran:
            response = client.get(url)
            body = response.getvalue() if response.streaming else response.content
        assert response.status_code == 200
        assert body
        found.append(ran.sql)
    return found


def _told(statements: list[str]) -> str:
    """Return statements in short: what they read and under which condition."""
    short = [f"{at + 1:>2} {sql[sql.find('FROM') :][:110]}" for at, sql in enumerate(statements)]
    return "\n" + "\n".join(short)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_one_row_and_with_three(name, browse, queries):
    one, three = _counts(LISTS[name], browse, queries, LISTS[name].query, (1, 2))
    assert len(one) == len(three), _told(one) + _told(three)
    assert len(three) <= LISTS[name].most, _told(three)


@pytest.mark.parametrize("name", sorted(LISTS.keys() - PLAIN))
def test_a_file_costs_the_same_with_one_row_and_with_three(name, browse, queries):
    query = f"{LISTS[name].query or '?q='}&export=csv"
    one, three = _counts(LISTS[name], browse, queries, query, (1, 2))
    assert len(one) == len(three) <= MOST, _told(three)


@pytest.mark.parametrize("name", PARTS)
def test_a_record_costs_the_same_with_one_thing_on_it_and_with_three(name, browse, queries):
    one, three = _counts(PARTS[name], browse, queries, "", (2, 2))  # the first is the record itself
    assert len(one) == len(three), _told(one) + _told(three)
    assert len(three) <= max(PARTS[name].most, MOST_OF_A_RECORD), _told(three)


def test_every_page_with_a_list_is_measured(browse, pat, ada, olga):
    readers = {"pat": browse(pat), "ada": browse(ada), "olga": browse(olga, "ops")}
    found = set()
    for line in matrix.lines():
        for persona, client in readers.items():
            if address_of(line.name).path or line.outcomes.get(persona, ("", ""))[0] != "200":
                continue
            if line.name.startswith("demo") or (line.host == "ops") != (persona == "olga"):
                continue
            url = address_of(line.name).url(line.name, {}, f"prm.urls.{line.host}")
            context_of = client.get(
                url, SERVER_NAME=HOSTS["ops" if line.host == "ops" else "acme"]
            ).context
            if "list" in (context_of or {}):
                found.add(line.name)
    assert found <= LISTS.keys()
    assert len(found) > 8
