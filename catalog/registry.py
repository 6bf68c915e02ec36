"""What the room tells the kernel when the app starts: navigation, event words, records."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.enums import Kind
from catalog.models import MODELS
from prm.access import Audience, Role
from prm.events import labels, records
from prm.ui import nav


def register() -> None:
    """Fill the registries; called when the app starts."""
    nav.register(
        nav.NavItem(
            _("Catalog"),
            "catalog:index",
            "catalog",
            {Audience.VENDOR},
            {Role.ADMINISTRATOR},
            order=820,
            group=_("Settings"),
        )
    )
    labels.register("catalog.entry_added", _("Catalog entry added"), icon="add", tone="success")
    labels.register("catalog.entry_edited", _("Catalog entry edited"), icon="edit")
    labels.register("catalog.entry_retired", _("Catalog entry retired"), icon="minus-circle")
    labels.register("catalog.entry_restored", _("Catalog entry offered again"), icon="undo")
    labels.register("catalog.entry_moved", _("Catalog entry moved"), icon="sort")
    labels.register_fields({"countries": _("Countries"), "words": _("Names by language")})
    names = {
        Kind.PRODUCT_LINES: _("Product line"),
        Kind.TERRITORIES: _("Territory"),
        Kind.INDUSTRIES: _("Industry"),
        Kind.SKILLS: _("Skill"),
        Kind.TIERS: _("Tier"),
    }
    for kind, name in names.items():
        records.register(
            MODELS[kind]._meta.label_lower,
            name,
            partial(find_by_uid, kind),
            partial(search, kind),
        )


def find_by_uid(kind: Kind, uids: set[UUID]) -> Mapping[UUID, records.Record]:
    """Return entries by uid as the audit list shows them; one query."""
    found = MODELS[kind].objects.filter(uid__in=uids)
    return {
        entry.uid: records.Record(
            entry.label, reverse("catalog:edit", args=[kind.value, entry.code])
        )
        for entry in found
    }


def search(kind: Kind, text: str) -> list[UUID]:
    """Return the uids of entries with the text in their name."""
    found = MODELS[kind].objects.filter(name__icontains=text)
    return list(found.values_list("uid", flat=True)[: records.MOST])
