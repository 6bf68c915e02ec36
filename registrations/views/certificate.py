"""The registration certificate, for the partner and for the vendor's staff."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import get_valid_filename
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, access
from prm.documents import DocumentFailed
from prm.http import PrmRequest
from registrations import reading
from registrations.receipts import certificate_of
from registrations.views.common import reach


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_safe
def own(request: PrmRequest, reference: str) -> HttpResponse:
    """The certificate of one's own deal, in one's own language."""
    return _answer(request, reference)


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_safe
def staff(request: PrmRequest, reference: str) -> HttpResponse:
    """The certificate of a partner's deal, in the reader's language."""
    return _answer(request, reference)


def _answer(request: PrmRequest, reference: str) -> HttpResponse:
    row = reach(request, reference)
    if reading.submission_of(row) is None:
        raise Http404
    try:
        content = certificate_of(row, (get_language() or "en")[:2])
    except DocumentFailed as failed:
        context = {"row": row, "why": str(failed)}
        return render(request, "registrations/certificate_failed.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = get_valid_filename(f"registration-{row.reference}.pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
