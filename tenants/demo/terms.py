"""The demo's terms and profiles: what everybody accepted, what one partner lacks, a draft of the next
version; profiles that are fresh, nearly out of date, and out of date."""

import random
from datetime import datetime, timedelta
from functools import partial

from catalog.models import Territory
from partners import services
from partners.enums import Function, Gate
from partners.models import Agreement, AgreementVersion, Contact, Partner
from partners.services import ContactFacts, Draft
from prm import clock
from prm.access import Role
from tenants.demo import catalog
from tenants.demo.people import Cast
from tenants.demo.plans import Plan
from tenants.demo.travel import Agenda
from users.models import User

VALID_DAYS = 90  # shorter than the default, so that the story's 110 days show every state
CONFIRMED: dict[int, tuple[int, ...]] = {
    0: (50, 5),
    1: (71,),
    2: (),
}  # by place in the cast: confirmed again so many days ago
OTHERS = (55, 20)

PARTNER_TERMS = {
    "en": """# Partner terms

These terms govern how you register deals and get leads.

## Registering deals

- Register a deal **before** you quote.
- Name the customer by its own name.
- A protected deal is yours until the date we name; nobody else is protected for it.

## Leads

1. Answer a lead within one working day.
2. Keep the customer's contact data to yourself.

## Ending

Either side may end the partnership with a month's notice.
""",
    "de": """# Partnerbedingungen

Diese Bedingungen regeln, wie Sie Geschäfte registrieren und Leads erhalten.

## Geschäfte registrieren

- Registrieren Sie ein Geschäft, **bevor** Sie anbieten.
- Nennen Sie den Kunden bei seinem eigenen Namen.
- Ein geschütztes Geschäft gehört Ihnen bis zum genannten Tag; niemand sonst ist dafür geschützt.

## Leads

1. Beantworten Sie einen Lead innerhalb eines Arbeitstags.
2. Behalten Sie die Kontaktdaten des Kunden für sich.

## Ende

Beide Seiten können die Partnerschaft mit einem Monat Frist beenden.
""",
}
DATA_TERMS = {
    "en": "# Data terms\n\nPersonal data of leads is used to answer them, and for nothing else.\n",
    "de": "# Datenbedingungen\n\nPersonenbezogene Daten von Leads dienen nur ihrer Beantwortung.\n",
}
NEXT = {
    "en": "\n## Quarterly review\n\nOnce a quarter we look at all protected deals together.\n",
    "de": "\n## Quartalsgespräch\n\nEinmal im Quartal gehen wir alle geschützten Geschäfte durch.\n",
}


class Contracts:
    """Writes one portal's terms, and what its partners state and sign."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self.cast = cast
        self.chance = random.Random(plan.seed)  # noqa: S311 - a story, not a secret
        self.signers: dict[int, Contact] = {}

    def begin(self) -> None:
        """At the start: the rule, every partner's profile, and terms that all accept at once."""
        services.change_profile_rule(
            valid_days=VALID_DAYS, announce_days=[30, 7], actor=self.cast.administrator
        )
        for partner in self.cast.partners:
            self._state(partner)
        self.terms = self._agreement("Partner terms", "Partnerbedingungen")
        version = self._publish(self.terms, PARTNER_TERMS, (Gate.REGISTRATION, Gate.LEADS))
        for partner in self.cast.partners:
            self._accept(version, partner)

    def go_on(self, agenda: Agenda, present: datetime) -> None:
        """Plan what follows: profiles confirmed again, data terms, and the draft."""
        for place, partner in enumerate(self.cast.partners):
            for days in CONFIRMED.get(place, OTHERS):
                agenda.add(present - timedelta(days=days, hours=3), partial(self._confirm, partner))
        agenda.add(present - timedelta(days=20, hours=2), self._data_terms)
        agenda.add(present - timedelta(days=3, hours=4), self._draft_the_next)

    def _state(self, partner: Partner) -> None:
        """Give the partner's administrator signing authority, state skills, and confirm it all."""
        administrator = self._administrator(partner)
        signer = partner.contacts.get(user=administrator)
        facts = ContactFacts(signer.name, signer.email, "", (Function.PRINCIPAL,), signs=True)
        signer = services.edit_contact(signer, facts, actor=self.cast.administrator)
        self.signers[partner.pk] = signer
        known = catalog.skills()
        skills = self.chance.sample(known, self.chance.randint(1, len(known) - 1))
        services.change_profile(
            partner, territories=self._places(partner), skills=skills, actor=administrator
        )
        self._confirm(partner)

    def _places(self, partner: Partner) -> list[Territory]:
        """Every partner works somewhere, also one whose country lies in no territory."""
        return list(partner.territories.all()) or catalog.territories()[:1]

    def _confirm(self, partner: Partner) -> None:
        services.confirm_profile(partner, actor=self._administrator(partner))

    def _administrator(self, partner: Partner) -> User:
        people = self.cast.sellers[partner.pk]
        return next(user for user in people if Role.PARTNER_ADMINISTRATOR in user.roles)

    def _agreement(self, title: str, german: str) -> Agreement:
        return services.add_agreement(
            title=title, words={"de": german}, actor=self.cast.administrator
        )

    def _publish(
        self, agreement: Agreement, texts: dict[str, str], gates: tuple[Gate, ...], days: int = 0
    ) -> AgreementVersion:
        version = services.save_draft(agreement, Draft(texts, gates), actor=self.cast.administrator)
        start = clock.now() + timedelta(days=days) if days else None
        return services.publish_version(version, effective_at=start, actor=self.cast.administrator)

    def _accept(self, version: AgreementVersion, partner: Partner) -> None:
        signer = self.signers[partner.pk]
        user = self._administrator(partner)
        services.accept(version, signer, user.name, "en", "192.0.2.10", actor=user)

    def _data_terms(self) -> None:
        """Leads want them; the last partner has not accepted, so it gets none."""
        agreement = self._agreement("Data terms", "Datenbedingungen")
        version = self._publish(agreement, DATA_TERMS, (Gate.LEADS,), days=14)
        for partner in self.cast.partners[:-1]:
            self._accept(version, partner)

    def _draft_the_next(self) -> None:
        """The next version of the partner terms waits to be published."""
        texts = {code: text + NEXT[code] for code, text in PARTNER_TERMS.items()}
        draft = Draft(texts, (Gate.REGISTRATION, Gate.LEADS))
        services.save_draft(self.terms, draft, actor=self.cast.administrator)
