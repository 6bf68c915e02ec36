"""What the rules pages share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from prm.access import VENDOR_ROLES, Audience, Role, access
from prm.http import PrmRequest, SeeOther, see_other
from prm.locks import Busy
from prm.rules.drafts import DraftChanged, RuleGone
from prm.rules.fields import KindUnknown, RuleKind, kind_at
from prm.rules.models import RuleDraft
from prm.rules.selectors import names_of
from prm.ui.dates import format_moment

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_staff = access(Audience.VENDOR, roles=VENDOR_ROLES)
for_administrators = access(Audience.VENDOR, roles={Role.ADMINISTRATOR})
REFUSALS = (DraftChanged, RuleGone, Busy)


def kind_or_404(slug: str) -> RuleKind:
    """Return the kind that an address names."""
    try:
        return kind_at(slug)
    except KindUnknown as error:
        raise Http404 from error


def asked_version(request: PrmRequest) -> int:
    """Return the count of saves that a form was made on; 0 for none or nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def refusal(error: Exception) -> str:
    """Return why a draft was not written, as a sentence."""
    if isinstance(error, Busy):
        return _("Somebody is saving these rules right now. Try again.")
    if isinstance(error, RuleGone):
        return _("This rule is no longer in the draft.")
    draft: RuleDraft | None = error.draft if isinstance(error, DraftChanged) else None
    if draft is None:
        return _("The draft was published or discarded while you had it open.")
    name = names_of([draft.updated_by]).get(draft.updated_by, "")
    return _("%(name)s saved this draft after you opened it (%(at)s).") % {
        "name": name,
        "at": format_moment(draft.updated_at),
    }


def tried(
    request: PrmRequest, kind: RuleKind, write: Callable[[], Any], done: str = ""
) -> HttpResponse:
    """Write to the draft and go back to its page, which says what was done or why it was not."""
    try:
        write()
    except REFUSALS as error:
        messages.warning(request, refusal(error))
    else:
        if done:
            messages.success(request, done)
    return see_other("rules:draft", kind.slug)


def back_to(url: str, anchor: str = "") -> HttpResponse:
    """Redirect after a POST, to a place on the page."""
    return SeeOther(f"{url}#{anchor}" if anchor else url)


def status_of(form: forms.Form) -> int:
    """Return the status of a page with a form: 422 when it was sent."""
    return 422 if form.is_bound else 200
