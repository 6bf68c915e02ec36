"""The fixed cast: the same people in every test, so that names carry meaning.

Acme: Ada administers, Mia and Max manage channels, Fin, Lex and Ana hold finance, legal and analyst, Lea
is a lead agent; Pat sells and Paula administers at Harbor, Sam and Sue at their rival Summit; Nadia has
no role. Paula and Sue may sign for their partners. Globex has its own people. Olga operates the installation.
"""

from django.db import connection

from catalog.models import Industry, ProductLine, Skill, Territory
from partners.enums import FUNCTION_OF, Function
from partners.models import Contact, Membership, Partner
from prm import clock
from prm.access import Audience, Role
from prm.installation.checks import database_is_fit
from prm.tenancy import context
from tenants import schemas
from tenants.services import NewTenant, create_tenant
from users.models import User, VendorRole

PASSWORD = "portal-test-2026"

STAFF = {
    "acme": [
        ("ada@acme.example", "Ada Admin", Role.ADMINISTRATOR),
        ("mia@acme.example", "Mia Manager", Role.CHANNEL_MANAGER),
        ("max@acme.example", "Max Manager", Role.CHANNEL_MANAGER),
        ("fin@acme.example", "Fin Finance", Role.FINANCE),
        ("lex@acme.example", "Lex Legal", Role.LEGAL),
        ("ana@acme.example", "Ana Analyst", Role.ANALYST),
        ("nadia@acme.example", "Nadia Norole", None),
    ],
    "globex": [
        ("gerd@globex.example", "Gerd Verwalter", Role.ADMINISTRATOR),
        ("greta@globex.example", "Greta Kanal", Role.CHANNEL_MANAGER),
    ],
}
PARTNERS = {
    "acme": {
        "Harbor": [
            ("pat@harbor.example", "Pat Seller", Role.SELLER),
            ("paula@harbor.example", "Paula Principal", Role.PARTNER_ADMINISTRATOR),
        ],
        "Summit": [
            ("sam@summit.example", "Sam Seller", Role.SELLER),
            ("sue@summit.example", "Sue Principal", Role.PARTNER_ADMINISTRATOR),
        ],
    },
    "globex": {
        "Hafen": [("peter@hafen.example", "Peter Verkauf", Role.SELLER)],
    },
}


def build() -> None:
    """Fill an empty database: public, the tenants, and the cast."""
    schemas.migrate("public")
    create_tenant(NewTenant("acme", "Acme Software", "acme.localhost", country="US"))
    create_tenant(
        NewTenant(
            "globex", "Globex Industrie", "globex.localhost", "de", "EUR", "Europe/Berlin", "DE"
        )
    )
    create_tenant(NewTenant("ops", "Operators", "ops.localhost"))
    for schema in ("acme", "globex"):
        with context.entered(schema):
            _people(schema)
            _catalog()
            _profiles()
    with context.entered("ops"):
        person("olga@operator.example", "Olga Operator", Audience.OPERATOR)
    connection.set_schema_to_public()
    assert not database_is_fit(["default"])


def person(email: str, name: str, audience: Audience) -> User:
    """Make somebody who can sign in with the password of the tests."""
    user = User(email=email, name=name, audience=audience)
    user.set_password(PASSWORD)
    user.save()
    return user


def _people(schema: str) -> None:
    for email, name, role in STAFF[schema]:
        user = person(email, name, Audience.VENDOR)
        if role:
            VendorRole.objects.create(user=user, role=role)
    if schema == "acme":
        person("lea@callcenter.example", "Lea Agent", Audience.AGENT)
    for number, (partner_name, people) in enumerate(PARTNERS[schema].items()):
        partner = Partner.objects.create(
            name=partner_name, reference=f"P-TEST-000{number}", country="US"
        )
        for email, name, role in people:
            user = person(email, name, Audience.PARTNER)
            Membership.objects.create(user=user, partner=partner, role=role)
            function = FUNCTION_OF[role]
            Contact.objects.create(
                partner=partner,
                user=user,
                name=name,
                email=email,
                functions=[function.value],
                signs=function == Function.PRINCIPAL,
            )


def _catalog() -> None:
    for code, name in [("crm", "CRM Suite"), ("erp", "ERP Cloud"), ("bi", "Insight BI")]:
        ProductLine.objects.create(code=code, name=name, words={"de": f"{name} (de)"})
    for code, name, countries in [
        ("na", "North America", ["US", "CA", "MX"]),
        ("dach", "DACH", ["DE", "AT", "CH"]),
        ("uki", "UK and Ireland", ["GB", "IE"]),
    ]:
        Territory.objects.create(code=code, name=name, countries=countries)
    Industry.objects.create(code="manufacturing", name="Manufacturing")
    for code, name in [("migration", "Migration"), ("security", "Security")]:
        Skill.objects.create(code=code, name=name)


def _profiles() -> None:
    """Every partner's profile is complete and confirmed now; no terms are required by default."""
    for partner in Partner.objects.all():
        partner.territories.set(Territory.objects.filter(code__in=["na", "dach"]))
        partner.product_lines.set(ProductLine.objects.all())
        partner.skills.set(Skill.objects.filter(code="migration"))
        partner.change(profile_confirmed_at=clock.now())
