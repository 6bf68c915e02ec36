"""More time for a deal: the partner's form, the panel that the staff decide from, the mail's link."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from prm import carry
from prm.access import PARTNER_ROLES, Audience, access
from prm.http import PrmRequest, see_other
from prm.uploads import UploadRefused
from registrations import engagement, policies, reading, selectors, services
from registrations.enums import ExtensionState
from registrations.forms import ExtensionForm, GrantForm, RefuseForm
from registrations.models import Extension, Registration
from registrations.views.common import REFUSALS, attempt, reach, sentence_of


def panel(request: PrmRequest, row: Registration) -> dict[str, Any]:
    """Return what `registrations/manage/_extension.html` shows, to be merged into a page's context."""
    extension = reading.last_extension(row)
    pending = extension is not None and extension.state == ExtensionState.PENDING
    return {
        "extension": extension,
        "extension_pending": pending,
        "may_decide_extension": pending and policies.can_decide(request.user, row),
        "extension_end": _new_end(row, extension) if extension and pending else None,
        "grant_form": GrantForm(),
        "refuse_form": RefuseForm(),
    }


def _new_end(row: Registration, extension: Extension) -> Any:
    """Return the last day that the protection would have."""
    protection = selectors.protection_of(row)
    return services.last_day_after(protection, extension.days) if protection else None


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask for more time, or say why there is none to ask for."""
    row = reach(request, reference)
    terms = engagement.terms_for(row)
    form = ExtensionForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"version": row.version},
        needs_evidence=terms.extension_evidence,
    )
    carry.refill(request, form)
    if form.is_bound and form.is_valid() and _asked(request, row, form):
        messages.success(request, _("The vendor is asked; you are told what it decides."))
        return see_other("registrations:detail", row.reference)
    protection = selectors.protection_of(row)
    refused = services.may_ask(row)
    context = {
        "row": row,
        "form": form,
        "terms": terms,
        "protection": protection,
        "refused": refused.sentence if refused and not form.is_bound else "",
        "until": services.last_day_after(protection, terms.extension_days) if protection else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "registrations/partner/extension.html", context, status=status)


def _asked(request: PrmRequest, row: Registration, form: ExtensionForm) -> bool:
    """Ask; what is refused becomes a sentence on the form."""
    typed = form.cleaned_data
    try:
        services.ask_for_extension(
            row,
            actor=request.user,
            reason=typed["reason"],
            files=[typed["evidence"]] if typed.get("evidence") else [],
            version=typed["version"],
        )
    except UploadRefused as refused:
        form.add_error("evidence", str(refused.text))
    except REFUSALS as error:
        form.add_error(None, sentence_of(error))
        form.read_again(reach(request, row.reference).version)
    else:
        return True
    return False


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def withdraw(request: PrmRequest, reference: str, uid: UUID) -> HttpResponse:
    """Take a request for more time back."""
    row = reach(request, reference)
    extension = get_object_or_404(Extension, registration=row, uid=uid)
    attempt(
        request,
        _("The request for more time is withdrawn."),
        lambda: services.withdraw_extension(extension, actor=request.user),
    )
    return see_other("registrations:detail", row.reference)
