"""Evidence on a deal's page, for both sides: the panel, and the guarded way to the bytes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from prm import uploads
from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, access
from prm.http import PrmRequest, see_other
from registrations import policies, reading, services
from registrations.enums import Reader
from registrations.forms import FileForm
from registrations.models import EvidenceFile, Registration
from registrations.services import MOST_FILES
from registrations.views.common import reach


@dataclass(frozen=True, slots=True)
class Line:
    """One file as the panel shows it; `remove_url` only where it may still be deleted."""

    file: EvidenceFile
    url: str
    remove_url: str
    staff_only: bool


def panel(request: PrmRequest, row: Registration, form: FileForm | None = None) -> dict[str, Any]:
    """Return what `registrations/_files.html` shows, to be merged into a page's context.

    `form` is the upload form that came back with errors.
    """
    staff = request.user.audience == Audience.VENDOR
    names = _names(staff)
    removable = policies.can_edit(request.user, row)
    files = [
        Line(
            file,
            reverse(names["file"], args=[row.reference, file.uid]),
            reverse(names["remove"], args=[row.reference, file.uid]) if removable else "",
            file.reader == Reader.STAFF,
        )
        for file in reading.files_of(row, request.user)
    ]
    room = len(files) < MOST_FILES
    return {
        "files": files,
        "may_attach": room and policies.can_attach(request.user, row),
        "file_form": form or FileForm(staff=staff),
        "file_url": reverse(names["add"], args=[row.reference]),
    }


def _names(staff: bool) -> dict[str, str]:
    side = "manage-" if staff else ""
    names = {"file": f"{side}file", "add": f"{side}file-add", "remove": "file-remove"}
    return {key: f"registrations:{name}" for key, name in names.items()}


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_safe
def own_file(request: PrmRequest, reference: str, uid: UUID) -> HttpResponseBase:
    """A file of one's own deal, as a download."""
    return _serve(request, reference, uid)


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_safe
def staff_file(request: PrmRequest, reference: str, uid: UUID) -> HttpResponseBase:
    """A file of a submitted deal, as a download for the staff."""
    return _serve(request, reference, uid)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def remove(request: PrmRequest, reference: str, uid: UUID) -> HttpResponse:
    """Delete a file of a draft."""
    file = _reach_file(request, reference, uid)
    services.remove_file(file, actor=request.user)
    messages.success(request, _("The file is deleted."))
    return see_other("registrations:files", file.registration.reference)


def _serve(request: PrmRequest, reference: str, uid: UUID) -> HttpResponseBase:
    return uploads.serve(_reach_file(request, reference, uid))


def _reach_file(request: PrmRequest, reference: str, uid: UUID) -> EvidenceFile:
    """Return a file that somebody may know of; 404 for every other."""
    row = reach(request, reference)
    return get_object_or_404(
        reading.files_of(row, request.user).select_related("registration"), uid=uid
    )
