"""What a new registration begins with: what the same person, or else the same partner, sold last."""

from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from registrations.enums import State
from registrations.models import Registration
from users.models import User

CUSTOMER = ("company_name", "website", "country", "site", "number_scheme", "number")
"""The fields of page 1."""
DEAL = (
    "currency",
    "stage",
    "contact_name",
    "contact_email",
    "competitor",
    "is_tender",
    "description",
)
"""The fields of page 2 that are shown as they are stored."""


def last_deal(user: User, *, besides: Registration | None = None) -> Registration | None:
    """Return the last deal that this person registered, else the last one of the partner; one query."""
    mine = Case(When(owner=user, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Registration.objects.visible_to(user).exclude(state=State.DRAFT)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return rows.order_by(mine, "-submitted_at", "-pk").first()


def deal_page(draft: Registration, user: User) -> dict[str, Any]:
    """Return what page 2 of a draft shows before anything was entered there; nothing later.

    Currency and product lines come from the last deal, the contact from the last one with the same
    customer. Nothing is written until the page is sent.
    """
    if draft.value is not None or draft.expected_close or draft.product_lines.exists():
        return {}
    last = last_deal(user, besides=draft)
    if last is None:
        return {}
    active = last.product_lines.filter(retired_at=None)
    found: dict[str, Any] = {
        "currency": last.currency,
        "product_lines": list(active.values_list("pk", flat=True)),
    }
    if not draft.contact_name and not draft.contact_email:
        found |= _contact(draft, user)
    return found


def _contact(draft: Registration, user: User) -> dict[str, str]:
    """Return the contact of the partner's last deal with the same customer, by domain or name."""
    same = Q(company_name__iexact=draft.company_name)
    if draft.website:
        same |= Q(website=draft.website)
    known = (
        Registration.objects.visible_to(user)
        .filter(same)
        .exclude(pk=draft.pk)
        .exclude(contact_name="", contact_email="")
        .order_by("-pk")
        .values("contact_name", "contact_email")
        .first()
    )
    return {name: str(value) for name, value in known.items()} if known else {}
