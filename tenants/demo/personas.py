"""The people a visitor of the demo can be; the same ones the seed makes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from prm.access import Audience, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PASSWORD = "demo-portal-2026"  # noqa: S105 - of the demo alone, and printed on purpose


@dataclass(frozen=True, slots=True)
class Persona:
    """One of them: who, on which side, as what, and what to look at as this person."""

    email: str
    name: str
    audience: Audience
    role: Role
    partner: str = ""
    language: str = ""

    @property
    def key(self) -> str:
        """The short name in addresses and forms."""
        return self.email

    @property
    def first_name(self) -> str:
        """What the person is called."""
        return self.name.split()[0]

    @property
    def purpose(self) -> "_StrPromise":
        """What this person comes for."""
        return PURPOSES[self.role]


PURPOSES = {
    Role.SELLER: _("Registers deals and keeps them alive."),
    Role.PARTNER_ADMINISTRATOR: _("Looks after the partner's people and sees all its deals."),
    Role.CHANNEL_MANAGER: _("Decides who gets protected and referees conflicts."),
    Role.ADMINISTRATOR: _("Sets up the portal: people, catalog, brand, hours."),
    Role.FINANCE: _("Approves money; reads deals and partners."),
    Role.LEGAL: _("Looks after agreements; reads deals and partners."),
    Role.ANALYST: _("Reads everything, changes nothing."),
    Role.LEAD_AGENT: _("Creates and hands over leads, sees nothing else."),
    Role.OPERATOR: _("Opens and suspends the vendors' portals."),
}


def _vendor(email: str, name: str, role: Role, language: str = "") -> Persona:
    return Persona(email, name, Audience.VENDOR, role, language=language)


def _partner(email: str, name: str, role: Role, partner: str, language: str = "") -> Persona:
    return Persona(email, name, Audience.PARTNER, role, partner, language)


PERSONAS: dict[str, tuple[Persona, ...]] = {
    "acme": (
        _partner("pat@harbor.example", "Pat Quinn", Role.SELLER, "Harbor"),
        _partner("paula@harbor.example", "Paula Hughes", Role.PARTNER_ADMINISTRATOR, "Harbor"),
        _partner("sam@summit.example", "Sam Ortega", Role.SELLER, "Summit"),
        _partner("sue@summit.example", "Sue Nakamura", Role.PARTNER_ADMINISTRATOR, "Summit"),
        _vendor("mia@acme.example", "Mia Lindqvist", Role.CHANNEL_MANAGER),
        _vendor("ada@acme.example", "Ada Bright", Role.ADMINISTRATOR),
        _vendor("fin@acme.example", "Fin Gallagher", Role.FINANCE),
        _vendor("lex@acme.example", "Lex Moreau", Role.LEGAL),
        _vendor("ana@acme.example", "Ana Petrova", Role.ANALYST),
        Persona("lea@callcenter.example", "Lea Fontaine", Audience.AGENT, Role.LEAD_AGENT),
    ),
    "globex": (
        _partner("nina@nordwind.example", "Nina Albrecht", Role.SELLER, "Nordwind"),
        _partner(
            "norbert@nordwind.example", "Norbert Haas", Role.PARTNER_ADMINISTRATOR, "Nordwind"
        ),
        _partner("karl@kornblume.example", "Karl Brandt", Role.SELLER, "Kornblume"),
        _partner("katja@kornblume.example", "Katja Vogel", Role.PARTNER_ADMINISTRATOR, "Kornblume"),
        _vendor("greta@globex.example", "Greta Sommer", Role.CHANNEL_MANAGER),
        _vendor("gerd@globex.example", "Gerd Winkler", Role.ADMINISTRATOR),
        _vendor("felix@globex.example", "Felix Krause", Role.FINANCE),
        _vendor("jutta@globex.example", "Jutta Engel", Role.LEGAL),
        _vendor("anke@globex.example", "Anke Schreiber", Role.ANALYST),
        Persona("tilda@rufdienst.example", "Tilda Kern", Audience.AGENT, Role.LEAD_AGENT),
    ),
    "ops": (Persona("olga@operator.example", "Olga Santos", Audience.OPERATOR, Role.OPERATOR),),
}


def at(schema: str) -> tuple[Persona, ...]:
    """Return the personas of a portal; one opened by hand has none."""
    return PERSONAS.get(schema, ())


def find(schema: str, email: str) -> Persona | None:
    """Return a portal's persona by address."""
    return next((p for p in at(schema) if p.email == email), None)
