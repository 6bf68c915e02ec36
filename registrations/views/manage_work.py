"""What the staff do with a deal besides deciding it: files, and requests for more time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other
from prm.uploads import UploadRefused
from registrations import services
from registrations.enums import Reader
from registrations.forms import FileForm, GrantForm, RefuseForm
from registrations.models import Extension, Registration
from registrations.views.common import REFUSALS, reach, sentence_of

REFEREES = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def add_file(request: PrmRequest, reference: str) -> HttpResponse:
    """Add a file to a deal, for both sides or for the staff alone."""
    row = reach(request, reference)
    form = FileForm(request.POST, request.FILES, staff=True)

    def keep() -> None:
        reader = Reader.STAFF if form.cleaned_data["staff_only"] else Reader.BOTH
        services.add_file(row, form.cleaned_data["file"], actor=request.user, reader=reader)

    url = reverse("registrations:manage-file-add", args=[row.reference])
    return _do(request, row, form, keep, _("The file is kept."), _("Add a file"), url)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def grant(request: PrmRequest, reference: str, uid: UUID) -> HttpResponse:
    """Grant a request for more time."""
    row, extension = _reach_extension(request, reference, uid)
    form = GrantForm(request.POST)

    def move() -> None:
        note = form.cleaned_data["note"]
        services.grant_extension(extension, actor=request.user, note=note)

    url = reverse("registrations:manage-extension-grant", args=[row.reference, uid])
    done = _("The protection lasts longer; the partner is told.")
    return _do(request, row, form, move, done, _("Grant more time"), url)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def refuse(request: PrmRequest, reference: str, uid: UUID) -> HttpResponse:
    """Refuse a request for more time, with a sentence."""
    row, extension = _reach_extension(request, reference, uid)
    form = RefuseForm(request.POST)

    def move() -> None:
        note = form.cleaned_data["note"]
        services.refuse_extension(extension, actor=request.user, note=note)

    url = reverse("registrations:manage-extension-refuse", args=[row.reference, uid])
    done = _("The end stays where it is; the partner is told why.")
    return _do(request, row, form, move, done, _("Refuse more time"), url)


def _do(
    request: PrmRequest,
    row: Registration,
    form: Any,
    move: Callable[[], None],
    done: str,
    title: str,
    url: str,
) -> HttpResponse:
    """Make a move from a form; refused, the form comes back on a page of its own."""
    if form.is_valid():
        try:
            move()
        except UploadRefused as refused:
            form.add_error("file", str(refused.text))
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, done)
            return see_other("registrations:manage-detail", row.reference)
    context = {"row": row, "form": form, "url": url, "title": title}
    return render(request, "registrations/manage/write.html", context, status=422)


def _reach_extension(
    request: PrmRequest, reference: str, uid: UUID
) -> tuple[Registration, Extension]:
    row = reach(request, reference)
    extensions = Extension.objects.select_related("registration__company")
    return row, get_object_or_404(extensions, registration=row, uid=uid)
