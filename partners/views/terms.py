"""A partner's terms: what waits, the exact text with its form, what was accepted, and receipts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import get_valid_filename
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners import services
from partners.enums import Gate
from partners.forms import AcceptForm
from partners.models import Acceptance, AgreementVersion, Partner
from partners.receipts import pdf_of
from partners.selectors import (
    acceptance_list,
    contact_of,
    missing_acceptances,
    signers_of,
    version_list,
)
from partners.views.partner_profile import own_partner
from prm import portal
from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, access, acted_by
from prm.documents import DocumentFailed
from prm.http import PrmRequest, client_address, posted, see_other
from prm.locks import Busy
from prm.markdown import to_html

for_everybody = access(Audience.PARTNER, roles=PARTNER_ROLES)


@for_everybody
@require_safe
def terms_list(request: PrmRequest) -> HttpResponse:
    """What waits for acceptance, and what was accepted, newest first."""
    partner = own_partner(request)
    context = {
        "partner": partner,
        "waiting": missing_acceptances(partner),
        "accepted": acceptance_list(request.user).order_by("-accepted_at", "-pk"),
        "signers": list(signers_of(partner)),
    }
    return render(request, "partners/partner/terms_list.html", context)


@for_everybody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: PrmRequest, reference: str, number: int) -> HttpResponse:
    """The exact text of a version, and the form that accepts it."""
    partner = own_partner(request)
    version = get_object_or_404(
        version_list(request.user), agreement__reference=reference, number=number
    )
    given = acceptance_list(request.user).filter(version=version).first()
    language = _language(request, version)
    form = AcceptForm(
        posted(request),
        partner=partner.name,
        initial={"language": language, "digest": version.digests[language]},
    )
    if form.is_bound and given is None and form.is_valid():
        accepted = _accept(request, version, form)
        if accepted is not None:
            messages.success(request, _("Accepted. The receipt is on its way by mail."))
            return see_other("partners:acceptance", accepted.reference)
    elif form.is_bound and given is not None:
        messages.info(request, _("Your organisation has accepted this version already."))
        return see_other("partners:acceptance", given.reference)
    context = {
        "form": form,
        "given": given,
        **_text_of(version, language),
        **_standing(request, partner, version),
    }
    status = 422 if form.is_bound else 200
    return render(request, "partners/partner/terms.html", context, status=status)


@for_everybody
@require_safe
def acceptance(request: PrmRequest, reference: str) -> HttpResponse:
    """What was accepted, by whom and when, with the text and the receipt."""
    found = get_object_or_404(acceptance_list(request.user), reference=reference.upper())
    context = {"acceptance": found, **_text_of(found.version, found.language)}
    return render(request, "partners/partner/acceptance.html", context)


@access(Audience.PARTNER, Audience.VENDOR, roles=(*PARTNER_ROLES, *VENDOR_ROLES))
@require_safe
def receipt(request: PrmRequest, reference: str) -> HttpResponse:
    """The receipt as a PDF, for the partner and for the vendor's staff."""
    found = get_object_or_404(acceptance_list(request.user), reference=reference.upper())
    try:
        content = pdf_of(found)
    except DocumentFailed as failed:
        return render(request, "partners/receipt_failed.html", {"why": str(failed)}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = get_valid_filename(f"receipt-{found.reference}.pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _accept(request: PrmRequest, version: AgreementVersion, form: AcceptForm) -> Acceptance | None:
    """Call the service; a refusal becomes a sentence on the form."""
    contact = contact_of(request.user)
    if contact is None:
        form.add_error(None, str(services.NoAuthority(own_partner(request)).sentence))
        return None
    try:
        return services.accept(
            version,
            contact,
            form.cleaned_data["typed_name"],
            form.cleaned_data["language"],
            client_address(request),
            actor=request.user,
            text_digest=form.cleaned_data["digest"],
        )
    except services.CannotAccept as refused:
        form.add_error(None, str(refused.sentence))
    except Busy:
        form.add_error(None, _("Somebody else is changing this. Please try again."))
    return None


def _language(request: PrmRequest, version: AgreementVersion) -> str:
    """Return the language to read: the one asked for, the reader's, else the portal's own."""
    own = portal.current().language
    asked = (request.GET.get("language", ""), (get_language() or "")[:2], own)
    return next((code for code in asked if code in version.digests), next(iter(version.digests)))


def _text_of(version: AgreementVersion, language: str) -> dict[str, object]:
    return {
        "version": version,
        "language": language,
        "others": [code for code in version.digests if code != language],
        "digest": version.digests[language],
        "text": to_html(version.texts[language]),
        "gates": [Gate(gate).label for gate in version.gates],
    }


def _standing(
    request: PrmRequest, partner: Partner, version: AgreementVersion
) -> dict[str, object]:
    """Return who may sign, whether the reader may, and whether this is the version to sign."""
    contact = contact_of(request.user)
    waiting = {each.terms.pk for each in missing_acceptances(partner)}
    newer = [
        each
        for each in missing_acceptances(partner)
        if each.terms.agreement == version.agreement_id and each.terms.number > version.number
    ]
    return {
        "partner": partner,
        "signers": list(signers_of(partner)),
        "may_sign": contact is not None and contact.signs,
        "on_behalf": acted_by(request.user) is not None,
        "waits": version.pk in waiting,
        "newer": newer[0] if newer and version.pk not in waiting else None,
    }
