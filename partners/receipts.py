"""The receipt of accepted terms: as a PDF, and as the public page tells of it."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partners.models import Acceptance
from prm import documents, events, portal, receipts
from prm.events import Event
from prm.markdown import to_html
from prm.receipts import Genuine, Kept
from prm.tenancy.context import base_url
from prm.ui import dates

PREFIX = "T"


def find(reference: str) -> Kept | None:
    """Return what the ledger keeps of an acceptance; registered with `prm.receipts`.

    The digest is computed anew from the event, so a changed row is no proof of anything.
    """
    acceptance = (
        Acceptance.objects.select_related("partner", "version__agreement")
        .defer("version__texts")
        .filter(reference=reference)
        .first()
    )
    event = Event.objects.filter(uid=acceptance.event_uid).first() if acceptance else None
    if acceptance is None or event is None or event.data.get("acceptance") != reference:
        return None
    return Kept(events.digest_now(event), lambda: _tell(acceptance))


def pdf_of(acceptance: Acceptance) -> bytes:
    """Return the receipt as a PDF in the language that was accepted; the same bytes every time.

    Raises `prm.documents.DocumentFailed`.
    """
    version, language, site = acceptance.version, acceptance.language, base_url()
    address = {"reference": acceptance.reference, "digest": acceptance.event_digest}
    with timezone.override(portal.zone()), translation.override(language):
        context = {
            "acceptance": acceptance,
            "version": version,
            "agreement": version.agreement.label,
            "partner": acceptance.partner,
            "signer": acceptance.contact,
            "text": to_html(version.texts[language]),
            "mark": receipts.mark_of(acceptance.reference, acceptance.event_digest),
            "verify_page": f"{site}{reverse('verify')}",
            "verify_url": f"{site}{reverse('verify')}?{urlencode(address)}",
        }
        return documents.render(
            "documents/terms_receipt.html",
            context,
            title=_("Receipt %(reference)s") % {"reference": acceptance.reference},
            language=language,
            at=acceptance.accepted_at,
        )


def _tell(acceptance: Acceptance) -> Genuine:
    version = acceptance.version
    with timezone.override(portal.zone()):
        at = timezone.localtime(acceptance.accepted_at)
        when = f"{dates.format_moment(at)} {at.tzname()}"
    sentence = _("Genuine: accepted by %(partner)s on %(at)s.") % {
        "partner": acceptance.partner.name,
        "at": when,
    }
    return Genuine(
        sentence,
        (
            (_("Agreement"), version.agreement.label),
            (_("Version"), version.number),
            (_("Language of the text"), acceptance.language),
            (_("Digest of the text (SHA-256)"), acceptance.text_digest),
        ),
    )
