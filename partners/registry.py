"""What the room tells the rooms below when the app starts: roles, joining, navigation, event words."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.enums import Function
from partners.models import Partner
from partners.selectors import roles_at_partner
from partners.services import follow_new_name, join_by_invitation
from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, Role
from prm.countries import name_of
from prm.events import labels, records
from prm.ui import nav
from users.invitations import on_accepted
from users.renaming import on_renamed
from users.roles import add_source


def register() -> None:
    """Fill the registries; called when the app starts."""
    add_source(Audience.PARTNER, roles_at_partner)
    on_accepted(Audience.PARTNER, join_by_invitation)
    on_renamed(follow_new_name)
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
    labels.register("partner.member_restored", _("Person let in again"), icon="undo")
    labels.register("partner.contact_added", _("Contact added"), icon="add")
    labels.register("partner.contact_edited", _("Contact edited"), icon="edit")
    labels.register("partner.contact_removed", _("Contact removed"), icon="minus-circle")
    labels.register_fields(
        {
            "country": _("Country"),
            "email": _("E-mail address"),
            "functions": _("Functions"),
            "manager": _("Channel manager"),
            "name": _("Name"),
            "person": _("Person"),
            "phone": _("Telephone"),
            "product_lines": _("Product lines"),
            "reason": _("Reason"),
            "role": _("Role"),
            "signs": _("May sign"),
            "skills": _("Skills"),
            "territories": _("Territories"),
            "website": _("Website"),
        }
    )
    labels.register_values("country", name_of)
    labels.register_values("role", dict(Role.choices))
    labels.register_values("functions", dict(Function.choices))


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
