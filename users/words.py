"""What this room's events, fields and records are called."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from prm.access import Audience, Role
from prm.events import labels, records
from prm.events.records import Record

# code -> words, icon, tone
EVENTS = {
    "user.created": (_("Joined the portal"), "person", "success"),
    "user.renamed": (_("Name changed"), "edit", "neutral"),
    "user.roles_changed": (_("Roles changed"), "shield", "info"),
    "user.disabled": (_("Sign-in disabled"), "lock", "danger"),
    "user.enabled": (_("Sign-in enabled"), "key", "success"),
    "user.preferences_changed": (_("Preferences changed"), "settings", "neutral"),
    "user.password_changed": (_("Password changed"), "key", "neutral"),
    "user.password_reset": (_("Password reset by mail"), "key", "neutral"),
    "user.second_factor_set": (_("Second factor set up"), "shield", "success"),
    "user.second_factor_removed": (_("Second factor switched off"), "shield", "warning"),
    "user.second_factor_reset": (_("Second factor removed"), "shield", "warning"),
    "user.recovery_codes_made": (_("New recovery codes made"), "key", "neutral"),
    "view.saved": (_("View of a list saved"), "filter", "neutral"),
    "view.renamed": (_("View of a list renamed"), "edit", "neutral"),
    "view.deleted": (_("View of a list deleted"), "trash", "neutral"),
    "invitation.sent": (_("Invitation sent"), "mail", "info"),
    "invitation.resent": (_("Invitation sent again"), "mail", "info"),
    "invitation.withdrawn": (_("Invitation withdrawn"), "undo", "neutral"),
    "invitation.accepted": (_("Invitation accepted"), "check", "success"),
}
FIELDS = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "roles": _("Roles"),
    "audience": _("Side"),
    "language": _("Language"),
    "zone": _("Time zone"),
    "theme": _("Colours"),
    "density": _("Rows of lists"),
    "shortcuts": _("Keyboard shortcuts"),
}


def register() -> None:
    """Tell the timeline and the audit list; called when the app starts."""
    from users.models import Invitation, SavedView, User  # noqa: PLC0415 - the apps are ready by then

    for code, (words, icon, tone) in EVENTS.items():
        labels.register(code, words, icon=icon, tone=tone)
    labels.register_fields(FIELDS)
    labels.register_values("roles", {role.value: role.label for role in Role})
    labels.register_values("audience", {side.value: side.label for side in Audience})

    def people(uids: set[UUID]) -> Mapping[UUID, Record]:
        rows = User.objects.filter(uid__in=uids).values_list("uid", "name")
        return {uid: Record(name, _address("users:person", uid)) for uid, name in rows}

    def invitations(uids: set[UUID]) -> Mapping[UUID, Record]:
        rows = Invitation.objects.filter(uid__in=uids).values_list("uid", "email")
        return {uid: Record(email) for uid, email in rows}

    def named(text: str) -> Iterable[UUID]:
        found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
        return found.values_list("uid", flat=True)[: records.MOST]

    records.register("users.user", _("Person"), people, named)

    def views(uids: set[UUID]) -> Mapping[UUID, Record]:
        rows = SavedView.objects.filter(uid__in=uids).values_list("uid", "name")
        return {uid: Record(name) for uid, name in rows}

    records.register("users.invitation", _("Invitation"), invitations)
    records.register("users.savedview", _("View of a list"), views)


def _address(name: str, uid: UUID) -> str:
    try:
        return reverse(name, args=[uid])
    except NoReverseMatch:
        return ""
