"""What happens to registrations when companies turn out to be one, or two. Called by `companies`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company
from companies.registry import MergeRefused, Panel
from registrations.enums import OPEN_STATES, State
from registrations.models import (
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
)
from users.models import User

SHOWN_DEALS = 20


def repoint(source: Company, target: Company) -> None:
    """Move registrations, protections and conflicts from one company to another.

    Runs inside the merge, under both companies' locks. Raises MergeRefused where two
    live protections would overlap: a person must end one first.
    """
    try:
        with transaction.atomic():
            Protection.objects.filter(company=source).update(company=target)
    except IntegrityError as error:
        raise MergeRefused(
            _("Both companies have a protection in the same scope. End one of them first."),
            _holder(source),
        ) from error
    Registration.objects.filter(company=source).update(company=target)
    noted = RegistrationConflict.objects.filter(company=source)
    for conflict in noted.order_by("pk"):
        twin = RegistrationConflict.objects.filter(
            registration_id=conflict.registration_id,
            kind=conflict.kind,
            company=target,
            other_id=conflict.other_id,
        )
        if not twin.exists():
            RegistrationConflict.objects.filter(pk=conflict.pk).update(company=target)


def check_unmerge(loser: Company, winner: Company, moved: Mapping[str, set[Any]]) -> None:
    """Refuse an undo that would part a deal from the protection it was given since the merge.

    Runs inside the undo, under both companies' locks. Raises MergeRefused.
    """
    deals = moved.get("registrations.Registration", set())
    protections = moved.get("registrations.Protection", set())
    since = (
        ProtectionHolder.objects.filter(protection__company=winner)
        .exclude(protection_id__in=protections)
        .select_related("registration")
        .order_by("pk")
    )
    for holder in since:
        if holder.registration_id in deals:
            deal = holder.registration
            raise MergeRefused(
                _("%(deal)s was approved since the merge, so it cannot be undone.")
                % {"deal": f"{deal.company_name} ({deal.reference})"},
                reverse("registrations:manage-detail", args=[deal.reference]),
            )


def divisible(company: Company) -> list[tuple[str, str]]:
    """The deals at a company that a split may give away: reference and words."""
    rows = Registration.objects.filter(company=company).exclude(state=State.DRAFT)
    return [
        (row.reference, f"{row.company_name}, {row.partner.name} ({row.get_state_display()})")
        for row in rows.select_related("partner").order_by("ledger_number")
    ]


def part(source: Company, target: Company, references: Iterable[str]) -> int:
    """Move chosen deals with their protections to a new company; returns how many deals.

    Runs inside the split, under the old company's lock. Raises MergeRefused where a joint
    protection would be torn apart.
    """
    rows = Registration.objects.filter(company=source, reference__in=list(references))
    keys = set(rows.values_list("pk", flat=True))
    held = ProtectionHolder.objects.filter(protection__company=source)
    protections = set(held.filter(registration__in=keys).values_list("protection_id", flat=True))
    torn = held.filter(protection__in=protections).exclude(registration__in=keys).first()
    if torn is not None:
        raise MergeRefused(
            _("A protection is held by several deals together. Move all of them, or none."),
            reverse("registrations:manage-detail", args=[torn.registration.reference]),
        )
    Protection.objects.filter(pk__in=protections).update(company=target)
    Registration.objects.filter(pk__in=keys).update(company=target)
    RegistrationConflict.objects.filter(company=source, other__in=keys).update(company=target)
    return len(keys)


def counts(company: Company) -> list[tuple[str, int]]:
    """What a merge would move: deals and protections."""
    return [
        (_("Deals"), Registration.objects.filter(company=company).count()),
        (_("Protections"), Protection.objects.filter(company=company).count()),
    ]


def panel(company: Company, user: User) -> Panel:
    """The deals at a company that this person may see, newest first, with their protections."""
    rows = (
        Registration.objects.all()
        .visible_to(user)
        .filter(company=company)
        .select_related("partner")
        .prefetch_related("holdings__protection")
        .order_by("-submitted_at", "-pk")
    )
    shown = list(rows[: SHOWN_DEALS + 1])
    deals = [
        (row, [holding.protection for holding in row.holdings.all()]) for row in shown[:SHOWN_DEALS]
    ]
    content = {"deals": deals, "more": len(shown) > SHOWN_DEALS}
    return Panel("registrations/manage/_of_company.html", content)


def with_open_deals(companies: QuerySet[Company]) -> QuerySet[Company]:
    """Companies where a deal is undecided, in line or approved."""
    open_ = Registration.objects.filter(company=OuterRef("pk")).filter(
        Q(state__in=OPEN_STATES) | Q(state=State.APPROVED)
    )
    return companies.filter(Exists(open_))


def _holder(company: Company) -> str:
    """Return the address of the registration that holds the newest protection at a company."""
    holder = (
        ProtectionHolder.objects.select_related("registration")
        .filter(protection__company=company)
        .order_by("-protection_id")
        .first()
    )
    if holder is None:
        return ""
    return reverse("registrations:manage-detail", args=[holder.registration.reference])
