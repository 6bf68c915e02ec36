"""What the rules pages read: kinds with their versions and drafts, versions with what they changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from prm import clock
from prm.rules.difference import differences
from prm.rules.fields import RuleKind, kinds
from prm.rules.models import RuleDraft, RuleVersion
from prm.rules.problems import RuleInvalid
from prm.rules.services import read_version

SHOWN_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class ShownKind:
    """A kind of rules on the overview."""

    kind: RuleKind
    version: RuleVersion | None
    author: str
    draft: RuleDraft | None
    draft_author: str
    coming: int


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version in the list: `state` is coming, in-force, earlier or withdrawn."""

    version: RuleVersion
    author: str
    state: str
    changes: list[str]
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_note: str = ""

    @property
    def is_first(self) -> bool:
        """Whether there was none before it."""
        return self.version.number == 1


def names_of(uids: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    """Return people's names by uid, the portal's for None; one query."""
    people = get_user_model()._default_manager.filter(uid__in={uid for uid in uids if uid})
    return {None: _("The portal"), **dict(people.values_list("uid", "name"))}


def kind_list() -> list[ShownKind]:
    """Return every kind with the version in force, what is coming and the draft; four queries."""
    now = clock.now()
    standing = RuleVersion.objects.filter(withdrawal=None).defer("body")
    started = standing.filter(effective_at__lte=now).order_by("kind", "-effective_at", "-number")
    in_force = {version.kind: version for version in started.distinct("kind")}
    coming = list(standing.filter(effective_at__gt=now).values_list("kind", flat=True))
    drafts = {draft.kind: draft for draft in RuleDraft.objects.defer("body")}
    uids = [v.author_uid for v in in_force.values()] + [d.updated_by for d in drafts.values()]
    names = names_of(uids)
    return [
        _kind(kind, in_force.get(kind.code), drafts.get(kind.code), coming.count(kind.code), names)
        for kind in sorted(kinds(), key=lambda each: str(each.label))
    ]


def _kind(
    kind: RuleKind,
    version: RuleVersion | None,
    draft: RuleDraft | None,
    coming: int,
    names: Mapping[UUID | None, str],
) -> ShownKind:
    author = names.get(version.author_uid, "") if version else ""
    draft_author = names.get(draft.updated_by, "") if draft else ""
    return ShownKind(kind, version, author, draft, draft_author, coming)


def version_list(
    kind: RuleKind, *, below: int | None = None
) -> tuple[list[ShownVersion], int | None]:
    """Return the newest versions (below a number) with what each changed, and where the rest begins."""
    rows = RuleVersion.objects.of_kind(kind.code).select_related("withdrawal")
    if below is not None:
        rows = rows.filter(number__lt=below)
    found = list(rows[: SHOWN_VERSIONS + 1])
    shown = found[:SHOWN_VERSIONS]
    taken = [version.withdrawal for version in shown if _is_withdrawn(version)]
    names = names_of([v.author_uid for v in shown] + [each.author_uid for each in taken])
    rest = shown[-1].number if len(found) > SHOWN_VERSIONS else None
    in_force = RuleVersion.objects.in_force(kind.code, clock.now()).first()
    return [_shown(v, found, in_force, names) for v in shown], rest


def _is_withdrawn(version: RuleVersion) -> bool:
    return hasattr(version, "withdrawal")


def _shown(
    version: RuleVersion,
    found: list[RuleVersion],
    in_force: RuleVersion | None,
    names: Mapping[UUID | None, str],
) -> ShownVersion:
    author = names.get(version.author_uid, "")
    earlier = (v for v in found if v.number < version.number and not _is_withdrawn(v))
    changes = changes_of(version, next(earlier, None))
    if _is_withdrawn(version):
        taken = version.withdrawal
        by = names.get(taken.author_uid, "")
        return ShownVersion(version, author, "withdrawn", changes, taken.at, by, taken.note)
    if version.effective_at > clock.now():
        return ShownVersion(version, author, "coming", changes)
    state = "in-force" if in_force and in_force.pk == version.pk else "earlier"
    return ShownVersion(version, author, state, changes)


def changes_of(version: RuleVersion, before: RuleVersion | None) -> list[str]:
    """Return what a version says differently from another, in sentences."""
    try:
        return differences(read_version(before) if before else None, read_version(version))
    except RuleInvalid:
        return [_("This version asks for what is no longer there, so it cannot be compared.")]


def version_shown(kind: RuleKind, number: int) -> ShownVersion | None:
    """Return one version with what it changed; None if there is none."""
    shown, _rest = version_list(kind, below=number + 1)
    return shown[0] if shown and shown[0].version.number == number else None
