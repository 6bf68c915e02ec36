"""What the room tells the rooms below when the app starts: roles, joining, navigation, event words."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from partners.acting import ENDED, STARTED, TOLD
from partners.models import Partner
from partners.selectors import roles_at_partner
from partners.services import join_by_invitation
from partners.tiles import invited_colleagues
from prm import home
from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, Role
from prm.countries import name_of
from prm.events import labels, records
from prm.ui import nav
from users.invitations import on_accepted
from users.roles import add_source


def register() -> None:
    """Fill the registries; called when the app starts."""
    add_source(Audience.PARTNER, roles_at_partner)
    on_accepted(Audience.PARTNER, join_by_invitation)
    nav.register(
        nav.NavItem(
            _("Partners"),
            "partners:manage-list",
            "partner",
            {Audience.VENDOR},
            set(VENDOR_ROLES),
            order=300,
        ),
        nav.NavItem(
            _("Your organisation"),
            "partners:own",
            "building",
            {Audience.PARTNER},
            set(PARTNER_ROLES),
            order=600,
        ),
    )
    home.register({Audience.PARTNER}, {Role.PARTNER_ADMINISTRATOR}, invited_colleagues, order=15)
    kinds.register(
        kinds.Kind(TOLD, _("Somebody of the vendor acts for you"), group=_("Your organisation"))
    )
    records.register("partners.partner", _("Partner"), find_by_uid, search)
    _name_events()


def _name_events() -> None:
    labels.register("partner.added", _("Partner added"), icon="add", tone="success")
    labels.register("partner.edited", _("Partner edited"), icon="edit")
    labels.register("partner.ended", _("Partnership ended"), icon="x-circle", tone="danger")
    labels.register("partner.reopened", _("Partnership reopened"), icon="undo", tone="success")
    labels.register("partner.person_invited", _("Person invited"), icon="mail", tone="info")
    labels.register("partner.invitation_withdrawn", _("Invitation withdrawn"), icon="undo")
    labels.register("partner.member_joined", _("Person joined"), icon="person", tone="success")
    labels.register("partner.member_role_changed", _("Role changed"), icon="key")
    labels.register("partner.member_removed", _("Person removed"), icon="lock", tone="warning")
    labels.register(STARTED, _("Acting for a person started"), icon="person", tone="warning")
    labels.register(ENDED, _("Acting for a person ended"), icon="undo")
    labels.register("partner.member_restored", _("Person let in again"), icon="undo")
    labels.register_fields(
        {
            "country": _("Country"),
            "email": _("E-mail address"),
            "manager": _("Channel manager"),
            "name": _("Name"),
            "person": _("Person"),
            "product_lines": _("Product lines"),
            "reason": _("Reason"),
            "role": _("Role"),
            "territories": _("Territories"),
            "website": _("Website"),
        }
    )
    labels.register_values("country", name_of)
    labels.register_values("role", dict(Role.choices))


def find_by_uid(uids: set[UUID]) -> Mapping[UUID, records.Record]:
    """Return partners by uid as the audit list shows them; one query."""
    found = Partner.objects.filter(uid__in=uids)
    return {
        partner.uid: records.Record(
            partner.name, reverse("partners:manage-detail", args=[partner.reference])
        )
        for partner in found
    }


def search(text: str) -> list[UUID]:
    """Return the uids of partners with that reference, or with the text in their name."""
    named = Partner.objects.filter(name__icontains=text) | Partner.objects.filter(
        reference__iexact=text
    )
    return list(named.values_list("uid", flat=True)[: records.MOST])
