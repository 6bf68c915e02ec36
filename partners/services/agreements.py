"""Agreements: a draft that may change, published versions that never do, retiring."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Territory
from partners.enums import Gate, RequiredOf
from partners.models import Agreement, AgreementVersion
from partners.policies import can_write_agreements
from partners.services.announcing import plan_terms
from prm import clock, countries, events, portal
from prm.access import require
from prm.events import Event
from prm.reference import new_reference
from users.models import User

LONGEST_TEXT = 200_000  # characters


class AgreementRefused(Exception):
    """Something about an agreement is not possible; `sentence` says what."""

    sentence: Any = _("This is not possible now.")

    def __init__(self, sentence: Any = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(str(self.sentence))


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft says: Markdown per language, the gates it closes, and of whom it is required."""

    texts: Mapping[str, str]
    gates: Iterable[Gate] = field(default_factory=tuple)
    required_of: RequiredOf = RequiredOf.ALL
    territories: Iterable[str] = field(default_factory=tuple)
    countries: Iterable[str] = field(default_factory=tuple)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, which an acceptance keeps."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def add_agreement(*, title: str, words: Mapping[str, str] | None = None, actor: User) -> Agreement:
    """Add an agreement without a text. Records agreement.added.

    Raises PermissionDenied, AgreementRefused.
    """
    require(can_write_agreements(actor))
    agreement = Agreement.objects.create(
        reference=new_reference("A"), title=_title(title), words=_words(words)
    )
    _record("added", agreement, actor=actor, private={"title": agreement.title})
    return agreement


@transaction.atomic
def rename_agreement(
    agreement: Agreement, *, title: str, words: Mapping[str, str] | None = None, actor: User
) -> Agreement:
    """Change an agreement's title. Raises PermissionDenied, AgreementRefused."""
    agreement = _locked(agreement, actor)
    old = agreement.title
    title, spoken = _title(title), _words(words)
    if (old, agreement.words) != (title, spoken):
        agreement.change(title=title, words=spoken)
        _record("renamed", agreement, actor=actor, private={"changes": {"title": [old, title]}})
    return agreement


@transaction.atomic
def save_draft(agreement: Agreement, draft: Draft, *, actor: User) -> AgreementVersion:
    """Write the agreement's draft, the next version; published ones stay. Records agreement.drafted.

    Raises PermissionDenied, AgreementRefused.
    """
    agreement = _locked(agreement, actor)
    if agreement.retired_at is not None:
        raise AgreementRefused(_("This agreement is retired. Take it up again first."))
    values = _checked(draft)
    version = agreement.versions.filter(published_at=None).first()
    if version is None:
        version = AgreementVersion(agreement=agreement, number=agreement.versions.count() + 1)
    unchanged = all(getattr(version, name) == value for name, value in values.items())
    if version.pk and unchanged:
        return version
    for name, value in values.items():
        setattr(version, name, value)
    version.save()
    _record("drafted", agreement, actor=actor, data={"version": version.number})
    return version


@transaction.atomic
def discard_agreement_draft(version: AgreementVersion, *, actor: User) -> None:
    """Delete a draft. Raises PermissionDenied, AgreementRefused when it has been published."""
    agreement = _locked(version.agreement, actor)
    version = _draft(version)
    number = version.number
    version.delete()
    _record("draft_discarded", agreement, actor=actor, data={"version": number})


@transaction.atomic
def publish_version(
    version: AgreementVersion, *, effective_at: datetime | None = None, actor: User
) -> AgreementVersion:
    """Fix a draft's texts for ever; it counts from `effective_at` (aware; None: at once).

    Partners whom it concerns are told right after, and again a week ahead. Records
    agreement.published with each text's digest. Raises PermissionDenied, AgreementRefused.
    """
    agreement = _locked(version.agreement, actor)
    version = _draft(version)
    now = clock.now()
    start = effective_at or now
    _refuse_unfit(agreement, version, start, now)
    digests = {language: digest_of(text) for language, text in version.texts.items()}
    version.change(
        published_at=now, published_by=actor, effective_at=max(start, now), digests=digests
    )
    _record(
        "published",
        agreement,
        actor=actor,
        data={
            "version": version.number,
            "texts": digests,
            "gates": version.gates,
            "effective_at": version.effective_at,
        },
    )
    plan_terms(version)
    return version


@transaction.atomic
def retire_agreement(agreement: Agreement, *, actor: User) -> Agreement:
    """Require an agreement of nobody any more; what was accepted stays. Raises PermissionDenied."""
    agreement = _locked(agreement, actor)
    if agreement.retired_at is None:
        agreement.change(retired_at=clock.now())
        _record("retired", agreement, actor=actor)
    return agreement


@transaction.atomic
def restore_agreement(agreement: Agreement, *, actor: User) -> Agreement:
    """Require a retired agreement again. Raises PermissionDenied."""
    agreement = _locked(agreement, actor)
    if agreement.retired_at is not None:
        agreement.change(retired_at=None)
        _record("restored", agreement, actor=actor)
    return agreement


def _locked(agreement: Agreement, actor: User) -> Agreement:
    """Check the right and re-read the row FOR UPDATE."""
    require(can_write_agreements(actor))
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def _draft(version: AgreementVersion) -> AgreementVersion:
    """Re-read a draft; its agreement is locked."""
    version = AgreementVersion.objects.select_related("agreement").get(pk=version.pk)
    if version.published_at is not None:
        raise AgreementRefused(_("This version is published already, and never changes."))
    return version


def _refuse_unfit(
    agreement: Agreement, version: AgreementVersion, start: datetime, now: datetime
) -> None:
    """Raise AgreementRefused with what stands in the way of publishing."""
    if agreement.retired_at is not None:
        raise AgreementRefused(_("This agreement is retired. Take it up again first."))
    if not version.texts.get(portal.current().language):
        raise AgreementRefused(_("Write the text in the portal's own language first."))
    if start < now:
        raise AgreementRefused(_("Choose a day that has not begun yet."))
    last = agreement.versions.filter(published_at__isnull=False).order_by("-number").first()
    if last is not None and last.effective_at is not None and start < last.effective_at:
        raise AgreementRefused(_("The version before takes effect later than that."))


def _checked(draft: Draft) -> dict[str, Any]:
    known = portal.current().languages
    texts = {
        language: text.replace("\r\n", "\n").strip() + "\n"
        for language, text in sorted(draft.texts.items())
        if text.strip()
    }
    if not texts or any(len(text) > LONGEST_TEXT for text in texts.values()):
        raise AgreementRefused(_("Write the text of the agreement."))
    if not set(texts) <= set(known):
        raise AgreementRefused(_("Write the text in languages that the portal offers."))
    required, places = RequiredOf(draft.required_of), sorted(set(draft.territories))
    lands = sorted(set(draft.countries))
    if required == RequiredOf.TERRITORIES and not (
        places and Territory.objects.filter(code__in=places).count() == len(places)
    ):
        raise AgreementRefused(_("Choose at least one territory."))
    if required == RequiredOf.COUNTRIES and not (lands and all(map(countries.is_country, lands))):
        raise AgreementRefused(_("Name at least one country."))
    wanted = {Gate(gate) for gate in draft.gates}
    return {
        "texts": texts,
        "gates": [gate.value for gate in Gate if gate in wanted],
        "required_of": required.value,
        "territories": places if required == RequiredOf.TERRITORIES else [],
        "countries": lands if required == RequiredOf.COUNTRIES else [],
    }


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > 120:
        raise AgreementRefused(_("Give the agreement a title of up to 120 characters."))
    return title


def _words(words: Mapping[str, str] | None) -> dict[str, str]:
    clean = {language: " ".join(word.split())[:120] for language, word in (words or {}).items()}
    return {language: word for language, word in sorted(clean.items()) if word}


def _record(
    code: str,
    agreement: Agreement,
    *,
    actor: User,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> Event:
    chained = {"agreement": agreement.reference, **(data or {})}
    for name, value in chained.items():
        if isinstance(value, datetime):
            chained[name] = value.isoformat()
    return events.record(
        f"agreement.{code}", target=agreement, actor=actor, data=chained, private=private
    )
