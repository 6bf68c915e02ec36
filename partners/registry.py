"""What the room tells the rooms below when the app starts: roles, joining, navigation, records."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners import labels
from partners import receipts as terms_receipts
from partners.models import Agreement, Partner
from partners.selectors import roles_at_partner
from partners.services import follow_new_name, join_by_invitation
from partners.tiles import invited_colleagues, things_to_put_right
from prm import home, receipts
from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, Role
from prm.events import records
from prm.ui import nav
from users.invitations import on_accepted
from users.renaming import on_renamed
from users.roles import add_source


def register() -> None:
    """Fill the registries; called when the app starts."""
    add_source(Audience.PARTNER, roles_at_partner)
    on_accepted(Audience.PARTNER, join_by_invitation)
    on_renamed(follow_new_name)
    _navigation()
    home.register({Audience.PARTNER}, PARTNER_ROLES, things_to_put_right, order=5)
    home.register({Audience.PARTNER}, {Role.PARTNER_ADMINISTRATOR}, invited_colleagues, order=15)
    records.register("partners.partner", _("Partner"), find_by_uid, search)
    records.register("partners.agreement", _("Agreement"), find_agreements, search_agreements)
    labels.register()
    receipts.register(terms_receipts.PREFIX, terms_receipts.find)


def _navigation() -> None:
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
            _("Agreements"),
            "partners:agreements",
            "file",
            {Audience.VENDOR},
            set(VENDOR_ROLES),
            order=310,
        ),
        nav.NavItem(
            _("Partner profiles"),
            "partners:profile-rule",
            "partner",
            {Audience.VENDOR},
            {Role.ADMINISTRATOR},
            order=830,
            group=_("Settings"),
        ),
        nav.NavItem(
            _("Profile and terms"),
            "partners:profile",
            "check-circle",
            {Audience.PARTNER},
            set(PARTNER_ROLES),
            order=610,
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


def find_agreements(uids: set[UUID]) -> Mapping[UUID, records.Record]:
    """Return agreements by uid as the audit list shows them; one query."""
    found = Agreement.objects.filter(uid__in=uids)
    return {
        each.uid: records.Record(each.label, reverse("partners:agreement", args=[each.reference]))
        for each in found
    }


def search_agreements(text: str) -> list[UUID]:
    """Return the uids of agreements with that reference, or with the text in their title."""
    named = Agreement.objects.filter(title__icontains=text) | Agreement.objects.filter(
        reference__iexact=text
    )
    return list(named.values_list("uid", flat=True)[: records.MOST])
