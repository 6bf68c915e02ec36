"""Who owns whom: one parent each, and nobody their own ancestor."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from companies.enums import Relation
from companies.models import Company
from companies.policies import can_manage_companies
from companies.services.designating import settle
from companies.services.writing import FAMILIES, locked, locked_pair
from prm import events
from prm.access import Actor, require


class FamilyCircle(Exception):
    """The parent is a subsidiary of the company itself, directly or further down."""


@transaction.atomic
def set_parent(company: Company, parent: Company | None, *, actor: Actor) -> Company:
    """Say who owns a company, or that nobody does.

    All changes of parents wait for each other, so two of them cannot make a circle. Records
    `company.parent_changed` when it differs. Raises PermissionDenied, FamilyCircle, CompanyMerged,
    Busy.
    """
    require(can_manage_companies(actor))
    if parent is None:
        return put_below(locked(company, FAMILIES), None, actor)
    if parent.pk == company.pk:
        raise FamilyCircle
    company, parent = locked_pair(company, parent, FAMILIES)
    return put_below(company, parent, actor)


def put_below(company: Company, parent: Company | None, actor: Actor | None) -> Company:
    """Write the parent of a locked company; the families' lock is held. Raises FamilyCircle."""
    if company.parent_id == (parent.pk if parent else None):
        return company
    before = company.parent
    try:
        with transaction.atomic():
            company.change(parent=parent)
    except IntegrityError as error:
        raise FamilyCircle from error
    names = [one.name if one else "" for one in (before, parent)]
    uids = [str(one.uid) if one else "" for one in (before, parent)]
    events.record(
        "company.parent_changed",
        target=company,
        actor=actor,
        data={"from": uids[0], "to": uids[1]},
        private={"changes": {"parent": names}},
    )
    return settle(company)


def join_family(one: Company, other: Company, relation: Relation, actor: Actor) -> None:
    """Link two locked companies: `other` is the parent, a subsidiary or a sister of `one`."""
    if relation == Relation.PARENT:
        put_below(one, other, actor)
    elif relation == Relation.SUBSIDIARY:
        put_below(other, one, actor)
    elif one.parent is None and other.parent is not None and other.parent_id != one.pk:
        put_below(one, other.parent, actor)
    elif other.parent is None and one.parent is not None and one.parent_id != other.pk:
        put_below(other, one.parent, actor)
