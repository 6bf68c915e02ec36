"""Two vendors that are twins, each with two partners that are rivals, made through the services.

Everything a person can type holds its side's word (`words.py`). The rows are committed once and read by
all standing tests; `World.of(schema)` names what addresses need, under the same keys in both tenants.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from PIL import Image

from catalog import services as catalog
from catalog.enums import Kind
from companies import services as companies
from companies.enums import Designation
from companies.models import Company
from companies.services.tuning import tune
from notifications import capture
from notifications.enums import MessageState
from notifications.models import Message
from partners import services as partners
from partners.models import Partner
from partners.services import Profile
from prm import clock
from prm.access import Audience, Role
from prm.celery import app as celery
from prm.links import token
from prm.links.models import ActionLink
from prm.portal import services as portal
from prm.tenancy import context
from registrations.models import RegistrationConflict
from tenants import services as tenants
from tenants.demo import timewarp
from tenants.models import Opening, Tenant
from tenants.services import NewTenant
from tests.standing import behalf, desk, identity, imports, operators, rules, terms, working
from tests.standing.deals import Deals
from tests.standing.leads import Leads
from tests.standing.words import WORDS, Words
from tests.world import PASSWORD
from users import services as people
from users.models import Invitation, User

CAST = {  # schema -> administrator, referee, and per partner: name, seller, administrator
    "acme": (
        "ada@acme.example",
        "mia@acme.example",
        ("Harbor", "pat@harbor.example", "paula@harbor.example"),
        ("Summit", "sam@summit.example", "sue@summit.example"),
    ),
    "globex": (
        "gerd@globex.example",
        "greta@globex.example",
        ("Hafen", "peter@hafen.example", "petra@hafen.example"),
        ("Kontor", "karl@kontor.example", "klara@kontor.example"),
    ),
}


@dataclass
class World:
    """What addresses need, by schema and key, and who belongs to which partner."""

    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, schema: str) -> dict[str, str]:
        """Return a tenant's keys."""
        return self.keys.setdefault(schema, {})


@contextmanager
def no_broker() -> Iterator[None]:
    """Jobs that are queued go nowhere."""
    before, celery.conf.broker_url = celery.conf.broker_url, "memory://"
    try:
        yield
    finally:
        celery.conf.broker_url = before


@contextmanager
def hurried() -> Iterator[None]:
    """As above, and commits do not wait for the disk."""
    with no_broker(), override_settings(TENANT_LIMIT_SET_CALLS=True):
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
        yield
        connection.close()


def build() -> World:
    """Fill both vendors and the operators' tenant, let a month pass, and fill them up to now."""
    world = World()
    stories = {schema: Story(schema, world.of(schema)) for schema in WORDS}
    for schema, story in stories.items():
        with context.entered(schema), clock.scope():
            story.begin()
    clock.advance(timedelta(days=31))
    timewarp.catch_up()
    for schema, story in stories.items():
        with context.entered(schema), clock.scope():
            clock.forget()
            story.go_on()
    with context.entered("ops"):
        _operators(world.of("ops"))
    clock.advance(timedelta(minutes=5))
    timewarp.catch_up()
    for schema, story in stories.items():
        with context.entered(schema):
            story.note_mails()
    with context.entered("ops"):
        _note_operators_mail(world.of("ops"))
    return world


class Story:
    """What happens in one tenant."""

    def __init__(self, schema: str, keys: dict[str, str]) -> None:
        self.schema, self.keys = schema, keys
        self.words: Words = WORDS[schema]
        administrator, referee, own, rival = CAST[schema]
        self.emails = {"administrator": administrator, "referee": referee}
        self.sides = {"own": own, "rival": rival}

    def begin(self) -> None:
        """The portal, its people, the catalog, and deals that are a month old."""
        self.ada = User.objects.get(email=self.emails["administrator"])
        self.mia = User.objects.get(email=self.emails["referee"])
        self._portal()
        self._catalog()
        self._staff()
        self._companies()
        self.parties = {side: self._partner(side) for side in self.sides}
        self._bare_partner()
        self._ended_partner()
        terms.begin(self)
        rules.begin(self)
        self.deals = {
            side: Deals(
                side=side,
                word=getattr(self.words, side),
                seller=seller,
                referee=self.mia,
                currency="EUR" if self.schema == "globex" else "USD",
                line=self.line,
            )
            for side, (_partner, seller) in self.parties.items()
        }
        for deals in self.deals.values():
            deals.approve_one()
            working.begin(deals)

    def go_on(self) -> None:
        """The deals of today, in every state."""
        self._invite_again()
        terms.go_on(self)
        rules.go_on(self)
        own, rival = self.deals["own"], self.deals["rival"]
        own.go_on(rival)
        rival.go_on(own)
        for deals in self.deals.values():
            working.go_on(self, deals)
        desk.go_on(self)
        behalf.go_on(self)
        Leads(self.words, self._agent(), self.mia, self.line, self.keys).go_on(self.parties)
        imports.plant(self)
        for side, deals in self.deals.items():
            for name, row in deals.rows.items():
                row.refresh_from_db()
                self.keys |= {
                    f"{side}.{name}": row.reference,
                    f"{side}.{name}.version": str(row.version),
                    f"{side}.{name}.uid": str(row.uid),
                }
                if row.company:
                    self.keys[f"{side}.{name}.company"] = str(row.company.uid)
            conflict = RegistrationConflict.objects.filter(
                registration=deals.rows["waiting"]
            ).first()
            assert conflict is not None
            self.keys[f"{side}.conflict"] = str(conflict.uid)
        desk.note(self)

    def _agent(self) -> User:
        """The lead agent; the other vendor's comes with its leads."""
        return User.objects.filter(audience=Audience.AGENT).first() or people.create_person(
            email="tilda@rufdienst.example", name="Tilda Agent", audience=Audience.AGENT,
            password=PASSWORD, actor=self.ada,
        )  # fmt: skip

    def note_mails(self) -> None:
        """Name mails and links, and leave one mail whose fate is unknown."""
        for side, deals in self.deals.items():
            subject = deals.rows["approved"].uid
            for link in ActionLink.objects.filter(subject=subject).order_by("pk"):
                self.keys[f"{side}.link.{link.purpose.rpartition('.')[2]}"] = token(link)
            sent = (
                Message.objects.filter(to=deals.seller.email, account=False).order_by("pk").last()
            )
            assert sent is not None
            self.keys[f"{side}.message"] = str(sent.uid)
        uncertain = Message.objects.filter(to=self.ada.email).order_by("pk").last()
        uncertain = uncertain or Message.objects.filter(to=self.mia.email).order_by("pk")[0]
        Message.objects.filter(pk=uncertain.pk).update(
            state=MessageState.UNCERTAIN, sent_at=None, last_error=f"{self.words.staff} lost"
        )
        self.keys["uncertain"] = str(uncertain.uid)
        self.keys["captured"] = capture.mailbox(self.schema)[0].name

    # --- the vendor's side -----------------------------------------------------------------------

    def _portal(self) -> None:
        word = self.words.portal
        portal.change_brand(name=f"{word} Portal", colour="#0f7b4f", actor=self.ada)
        portal.change_sender(
            sender_name=f"{word} Sender",
            reply_to=f"{word}@reply.example",
            help_text=f"Call {word} on 12345",
            actor=self.ada,
        )
        portal.add_closure(day=date(2031, 3, 3), name=f"{self.words.staff} party", actor=self.ada)
        made = portal.change_logo(upload=_picture(), actor=self.ada)
        self.keys["logo"] = made.logo.rpartition("/")[2]
        self.keys["closure"] = "2031-03-03"

    def _catalog(self) -> None:
        word = self.words.portal
        for kind in Kind:
            codes = {"country_codes": ["FR"]} if kind == Kind.TERRITORIES else {}
            entry = catalog.add_entry(
                kind, name=f"{word} {kind.value}", words={"de": f"{word} auf Deutsch"},
                actor=self.ada, **codes,
            )  # fmt: skip
            if kind == Kind.PRODUCT_LINES:
                self.line: Any = entry
                self.keys["line"] = entry.code
        retired = catalog.add_entry(Kind.INDUSTRIES, name=f"{word} retired", actor=self.ada)
        catalog.retire_entry(retired, actor=self.ada)
        self.keys["retired"] = retired.code

    def _staff(self) -> None:
        word = self.words.staff
        invitation = people.invite(
            email=f"{word}@invited.example",
            name=f"{word} Newcomer",
            audience=Audience.VENDOR,
            roles=[Role.FINANCE],
            actor=self.ada,
        )
        self.keys["invitation"] = str(invitation.uid)
        gone = people.create_person(
            email=f"{word}@gone.example", name=f"{word} Gone", audience=Audience.VENDOR,
            roles=[Role.ANALYST], password=PASSWORD, actor=self.ada,
        )  # fmt: skip
        people.disable(gone, actor=self.ada)
        self.keys |= {"gone": str(gone.uid), "referee": str(self.mia.uid)}

    def _companies(self) -> None:
        word = self.words.staff
        direct = companies.add_company(
            name=f"{word} Directly", country="US", designation=Designation.VENDOR_DIRECT,
            domains=["direct-customer.example"], aliases=[f"{word} Alias"], actor=self.mia,
        )  # fmt: skip
        beside = companies.add_company(name=f"{word} Direktly Beside", country="US", actor=self.mia)
        loser = companies.add_company(name=f"{word} Vanished", country="DE", actor=self.mia)
        companies.remember_different(direct, beside, actor=self.mia)
        companies.confirm_as(loser, beside, actor=self.mia)
        self.keys |= {"company": str(direct.uid), "company.beside": str(beside.uid)}
        tuned = {"stop_words": [self.words.staff], "equivalences": [], "note": self.words.staff}
        first = tune(threshold_offset=-1, **tuned, actor=self.ada)
        tune(threshold_offset=0, **tuned, actor=self.ada)
        self.keys["tuning"] = str(first.uid)
        assert Company.objects.filter(pk=loser.pk, merged_into=beside).exists()
        identity.plant(word, self.mia, self.keys)

    def _bare_partner(self) -> None:
        """A partner that has just joined: nobody has registered anything."""
        bare = partners.add_partner(Profile(f"{self.words.portal} Bare", "US"), actor=self.mia)
        email = f"bea@bare-{self.schema}.example"
        self._member(bare, email, Role.SELLER, self.words.portal)

    def _ended_partner(self) -> None:
        word = self.words.staff
        ended = partners.add_partner(Profile(f"{word} Ended", "US"), actor=self.mia)
        partners.end_partner(ended, reason=f"{word} reason", actor=self.mia)
        self.keys["ended"] = ended.reference

    # --- partners --------------------------------------------------------------------------------

    def _partner(self, side: str) -> tuple[Partner, User]:
        name, seller_email, administrator_email = self.sides[side]
        word = getattr(self.words, side)
        profile = Profile(
            f"{name} {word}", "US", website=f"{word}.example", manager=self.mia,
            territories=(), product_lines=(self.line,),
        )  # fmt: skip
        found = Partner.objects.filter(name=name).first()
        partner = (
            partners.edit_partner(found, profile, actor=self.mia)
            if found
            else partners.add_partner(profile, actor=self.mia)
        )
        roles = {seller_email: Role.SELLER, administrator_email: Role.PARTNER_ADMINISTRATOR}
        users = {email: self._member(partner, email, role, word) for email, role in roles.items()}
        gone = self._member(partner, f"{word}@left.example", Role.SELLER, word)
        partners.remove_member(gone.membership, actor=self.mia)  # type: ignore[attr-defined]
        seller, administrator = users[seller_email], users[administrator_email]
        invitation = partners.invite_person(
            partner, email=f"{word}@invited.example", name=f"{word} Newcomer", role=Role.SELLER,
            actor=administrator,
        )  # fmt: skip
        self.keys |= {
            f"{side}.partner": partner.reference,
            f"{side}.partner.uid": str(partner.uid),
            f"{side}.person": str(seller.uid),
            f"{side}.administrator": str(administrator.uid),
            f"{side}.gone": str(gone.uid),
            f"{side}.invitation": str(invitation.uid),
        }
        return partner, seller

    def _member(self, partner: Partner, email: str, role: Role, word: str) -> User:
        """Find or make one of a partner's people, whose name holds the partner's word."""
        name = f"{email.partition('@')[0].title()} {word}"
        user = User.objects.filter(email=email).first()
        if user is not None:
            return people.rename(user, name=name, actor=self.ada)
        user = people.create_person(
            email=email, name=name, audience=Audience.PARTNER, password=PASSWORD, actor=self.ada
        )
        partners.add_membership(user, partner=partner, role=role, actor=self.mia)
        return user

    def _invite_again(self) -> None:
        """Nobody has answered for a month; the new links are good."""
        for side in ("own", "rival"):
            partner, invitation = self.parties[side][0], self._invitation(f"{side}.invitation")
            partners.resend_invitation(partner, invitation, actor=self.mia)
            self._note_link(f"{side}.invitation")
        people.resend(self._invitation("invitation"), actor=self.ada)
        self._note_link("invitation")

    def _invitation(self, key: str) -> Invitation:
        return Invitation.objects.get(uid=self.keys[key])

    def _note_link(self, key: str) -> None:
        link = ActionLink.objects.filter(subject=self.keys[key]).order_by("pk").last()
        assert link is not None
        self.keys[f"{key}.link"] = token(link)


def _operators(keys: dict[str, str]) -> None:
    """A portal that is suspended and one whose opening failed; no schema is made for either."""
    olga = User.objects.get(email="olga@operator.example")
    invitation = people.invite(
        email="kwops@invited.example", name="kwops", audience=Audience.OPERATOR, actor=olga
    )
    working.operators(keys, olga)
    other = people.create_person(
        email="oskar@operator.example", name="Oskar kwops", audience=Audience.OPERATOR,
        password=PASSWORD, actor=olga,
    )  # fmt: skip
    failed = tenants.reserve_tenant(
        NewTenant("failedone", "Failed One", "failed.localhost", administrator_name="kwops",
                  administrator_email="kwops@first.example"),
        actor=olga,
    )  # fmt: skip
    Tenant.objects.filter(pk=failed.pk).update(failure="No space left on device")
    stopped = tenants.reserve_tenant(
        NewTenant("stoppedone", "Stopped One", "stopped.localhost"), actor=olga
    )
    Tenant.objects.filter(pk=stopped.pk).update(ready=True)
    Opening.objects.filter(tenant=stopped).delete()
    stopped.refresh_from_db()
    tenants.suspend_portal(stopped, reason="kwops reason", actor=olga)
    operators.seed(keys, olga)
    keys |= {
        "acme": str(Tenant.objects.get(schema_name="acme").uid),
        "failed": str(failed.uid),
        "stopped": str(stopped.uid),
        "invitation": str(invitation.uid),
        "referee": str(other.uid),
    }


def _note_operators_mail(keys: dict[str, str]) -> None:
    message = Message.objects.get()
    Message.objects.update(state=MessageState.UNCERTAIN, sent_at=None)
    keys |= {"own.message": str(message.uid), "uncertain": str(message.uid)}
    keys["captured"] = capture.mailbox("ops")[0].name


def _picture() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (64, 32), "teal").save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")
