"""The two lists of people: their columns, filters and tabs."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.access import VENDOR_ROLES, Audience, Role
from prm.http import PrmRequest
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty, ListPage
from users import selectors
from users.enums import InvitationState
from users.models import Invitation, User

SIDES = [(side.value, side.label) for side in (Audience.VENDOR, Audience.AGENT, Audience.OPERATOR)]


class PeopleFilter(django_filters.FilterSet):
    """By role, side and whether they may sign in."""

    role = django_filters.ChoiceFilter(
        label=_("Role"),
        field_name="vendor_roles__role",
        choices=[(role.value, role.label) for role in VENDOR_ROLES],
        empty_label=_("Any role"),
    )
    side = django_filters.ChoiceFilter(
        label=_("Side"), field_name="audience", choices=SIDES, empty_label=_("Any side")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        field_name="is_active",
        choices=[("True", _("Can sign in")), ("False", _("Disabled"))],
        empty_label=_("Any state"),
    )

    class Meta:
        model = User
        fields: list[str] = []


def _roles(user: User) -> str:
    if user.audience != Audience.VENDOR:
        return str(user.get_audience_display())
    labels = [str(Role(held.role).label) for held in user.vendor_roles.all()]
    return ", ".join(sorted(labels)) or str(_("No role"))


def state(user: User) -> tuple[Any, str]:
    """Return whether a person may sign in, in words and tone."""
    return (_("Can sign in"), "success") if user.is_active else (_("Disabled"), "neutral")


def _second_factor(user: Any) -> Any:
    return _("Yes") if user.has_second_factor else _("No")


PEOPLE = (
    Column("name", _("Name"), cells.text("name"), sort="name"),
    Column("email", _("E-mail address"), cells.text("email"), sort="email"),
    Column("roles", _("Roles"), cells.text(_roles)),
    Column("state", _("State"), cells.status(state), sort="is_active"),
    Column("second_factor", _("Second factor"), cells.text(_second_factor)),
    Column("last_login", _("Last sign-in"), cells.moment("last_login"), sort="last_login"),
)


def people(request: PrmRequest, queryset: QuerySet[User]) -> ListPage:
    """Return the list of people."""
    return lists.build(
        request,
        queryset=queryset,
        columns=PEOPLE,
        filterset=PeopleFilter,
        search=selectors.matching_people,
        default_sort="name",
        row_url=lambda user: reverse("users:person", args=[user.uid]),
        title=_("People"),
        export_name="people",
    )


def _invitation_state(invitation: Invitation) -> tuple[Any, str]:
    tone = "info" if invitation.state == InvitationState.OPEN else "neutral"
    return invitation.state.label, tone


def _promised(invitation: Invitation) -> str:
    return ", ".join(invitation.role_labels) or str(invitation.get_audience_display())


INVITATIONS = (
    Column("email", _("Address"), cells.text("email", "name"), sort="email"),
    Column("roles", _("Roles"), cells.text(_promised)),
    Column("state", _("State"), cells.status(_invitation_state)),
    Column("sent", _("Sent"), cells.moment("sent_at"), sort="sent_at"),
    Column("expires", _("Ends"), cells.moment("expires_at"), sort="expires_at"),
    Column("by", _("Invited by"), cells.text("invited_by.name")),
)


def _buttons(request: PrmRequest) -> cells.Cell:
    """Return a cell of forms, which need the request's token."""

    def show(row: Invitation) -> Any:
        return render_to_string("users/people/_invitation_actions.html", {"row": row}, request)

    return cells.Cell(show, lambda row: "")


def invitations(request: PrmRequest, queryset: QuerySet[Invitation]) -> ListPage:
    """Return the list of pending invitations."""
    return lists.build(
        request,
        queryset=queryset,
        columns=(*INVITATIONS, Column("actions", _("Actions"), _buttons(request))),
        search=lambda rows, text: rows.filter(email__icontains=text),
        default_sort="-sent",
        title=_("Invitations"),
        empty=Empty(
            _("No open invitations"),
            _("Whoever was invited has joined."),
            _("Invite somebody"),
            reverse("users:invite"),
        ),
        export_name="",
    )


def tabs(active: str, waiting: int) -> list[dict[str, Any]]:
    """Return the tabs over both lists."""
    return [
        {"label": _("People"), "url": reverse("users:people"), "active": active == "people"},
        {
            "label": _("Invitations"),
            "url": reverse("users:invitations"),
            "active": active == "invitations",
            "count": waiting,
        },
    ]
