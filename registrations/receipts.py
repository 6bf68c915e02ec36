"""The receipt of a registered deal: its certificate as a PDF, and as the public page tells of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from prm import clock, documents, events, portal, receipts
from prm.events import Event
from prm.receipts import Genuine, Kept
from prm.tenancy.context import base_url
from prm.ui import dates
from registrations import reading, selectors
from registrations.enums import State
from registrations.models import Registration

PREFIX = "D"


def find(reference: str) -> Kept | None:
    """Return what the ledger keeps of a registration; registered with `prm.receipts`.

    The digest is computed anew from the event, so a changed row is no proof of anything.
    """
    row = Registration.objects.filter(reference=reference).first()
    event = reading.submission_of(row) if row else None
    if event is None:
        return None
    return Kept(events.digest_now(event), lambda: _tell(event))


def _tell(event: Event) -> Genuine:
    """Say when; never what, who or for whom: the holder has the certificate."""
    sentence = _("Genuine: registered on %(at)s.") % {"at": _in_zone(event.at)}
    return Genuine(sentence, ((_("Server time"), server_time(event.at)),))


def server_time(at: datetime) -> str:
    """Return an instant as the server keeps it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def verify_path(reference: str, digest: str) -> str:
    """Return the public address that says whether reference and digest belong together."""
    return f"{reverse('verify')}?{urlencode({'reference': reference, 'digest': digest})}"


def certificate_of(row: Registration, language: str) -> bytes:
    """Return a deal's registration certificate as a PDF in a language, as it stands now.

    What was sent is told as it was sent, whatever was corrected later. Raises
    `prm.documents.DocumentFailed`; the row must have been submitted.
    """
    now, context = clock.now(), context_of(row)
    with timezone.override(portal.zone()), translation.override(language):
        return documents.render(
            "documents/registration_certificate.html",
            context,
            title=_("Registration certificate %(reference)s") % {"reference": row.reference},
            language=language,
            at=now,
        )


def context_of(row: Registration) -> dict[str, Any]:
    """Return what the certificate prints: the receipt's facts, and how the deal stands now."""
    event = reading.submission_of(row)
    assert event is not None
    digest, site = events.digest_now(event), base_url()
    detail = getattr(event, "detail", None)
    sent: Mapping[str, Any] = (detail.private or {}) if detail else {}
    protection = selectors.protection_of(row)
    return {
        "row": row,
        "sent": sent,
        "registered_at": event.at,
        "server_time": server_time(event.at),
        "digest": digest,
        "mark": receipts.mark_of(row.reference, digest),
        "verify_page": f"{site}{reverse('verify')}",
        "verify_url": f"{site}{verify_path(row.reference, digest)}",
        "protection": protection if row.state == State.APPROVED else None,
        "ended": row.closed_at,
        "lines": [line.label for line in row.product_lines.all()],
    }


def _in_zone(at: datetime) -> str:
    with timezone.override(portal.zone()):
        local = timezone.localtime(at)
        return f"{dates.format_moment(local)} {local.tzname()}"
