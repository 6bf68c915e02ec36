"""What the rules pages tell other packages when the app starts: navigation, event words, records."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prm.access import VENDOR_ROLES, Audience
from prm.events import labels, records
from prm.rules.drafts import DISCARDED, SAVED
from prm.rules.fields import kinds
from prm.rules.models import RuleDraft, RuleVersion
from prm.rules.services import PUBLISHED, WITHDRAWN
from prm.ui import nav


def register() -> None:
    """Fill the registries; called when the app starts."""
    nav.register(
        nav.NavItem(
            _("Rules"),
            "rules:list",
            "rules",
            {Audience.VENDOR},
            set(VENDOR_ROLES),
            order=810,
            group=_("Settings"),
        )
    )
    labels.register(PUBLISHED, _("Rules published"), icon="rules", tone="info")
    labels.register(WITHDRAWN, _("Rules withdrawn before they took effect"), icon="undo")
    labels.register(SAVED, _("Draft of rules saved"), icon="edit")
    labels.register(DISCARDED, _("Draft of rules discarded"), icon="trash")
    labels.register_group("rules", _("Rules"))
    records.register("prm.ruleversion", _("Version of rules"), _find_versions)
    records.register("prm.ruledraft", _("Draft of rules"), _find_drafts)


def _find_versions(uids: set[UUID]) -> Mapping[UUID, records.Record]:
    known = {kind.code: kind for kind in kinds()}
    found = {}
    for version in RuleVersion.objects.filter(uid__in=uids, kind__in=known).defer("body"):
        kind = known[version.kind]
        parts = {"kind": kind.label, "number": version.number}
        text = gettext("%(kind)s, version %(number)d") % parts
        url = reverse("rules:version", args=[kind.slug, version.number])
        found[version.uid] = records.Record(text, url)
    return found


def _find_drafts(uids: set[UUID]) -> Mapping[UUID, records.Record]:
    known = {kind.code: kind for kind in kinds()}
    return {
        draft.uid: records.Record(
            gettext("%(kind)s, draft") % {"kind": known[draft.kind].label},
            reverse("rules:kind", args=[known[draft.kind].slug]),
        )
        for draft in RuleDraft.objects.filter(uid__in=uids, kind__in=known).defer("body")
    }
