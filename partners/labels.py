"""How the room's events read, and what their fields are called."""

from django.utils.translation import gettext_lazy as _

from partners.acting import ENDED, STARTED
from partners.enums import Function
from prm.access import Role
from prm.countries import name_of
from prm.events import labels


def register() -> None:
    """Say what the room's events and their fields are called; called when the app starts."""
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
    labels.register(STARTED, _("Acting for a person started"), icon="person", tone="warning")
    labels.register(ENDED, _("Acting for a person ended"), icon="undo")
    labels.register("partner.contact_added", _("Contact added"), icon="add")
    labels.register("partner.contact_edited", _("Contact edited"), icon="edit")
    labels.register("partner.contact_removed", _("Contact removed"), icon="minus-circle")
    labels.register("partner.hours_changed", _("Business hours changed"), icon="clock")
    labels.register(
        "partner.profile_confirmed", _("Profile confirmed"), icon="check-circle", tone="success"
    )
    labels.register(
        "portal.profile_rule_changed", _("Validity of profiles changed"), icon="settings"
    )
    _register_terms()
    _register_fields()


def _register_terms() -> None:
    labels.register("agreement.added", _("Agreement added"), icon="add")
    labels.register("agreement.renamed", _("Agreement renamed"), icon="edit")
    labels.register("agreement.drafted", _("Draft saved"), icon="edit")
    labels.register("agreement.draft_discarded", _("Draft deleted"), icon="minus-circle")
    labels.register(
        "agreement.published", _("Version published"), icon="check-circle", tone="success"
    )
    labels.register("agreement.retired", _("Agreement retired"), icon="lock", tone="warning")
    labels.register("agreement.restored", _("Agreement in use again"), icon="undo")
    labels.register("terms.accepted", _("Terms accepted"), icon="check-circle", tone="success")


def _register_fields() -> None:
    labels.register_fields(
        {
            "announce_days": _("Announced days ahead"),
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
            "title": _("Title"),
            "typed_name": _("Name typed"),
            "valid_days": _("Days a profile counts"),
            "version": _("Version"),
            "website": _("Website"),
        }
    )
    labels.register_values("country", name_of)
    labels.register_values("role", dict(Role.choices))
    labels.register_values("functions", dict(Function.choices))
