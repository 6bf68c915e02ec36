"""What the pages of a draft share, whoever fills them in: the partner's person, or staff for it."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import BooleanField, Form

from partners import gates
from partners.models import Partner
from prm import clock, portal
from prm.http import PrmRequest
from registrations import prefill, services
from registrations.forms import CustomerForm, DealForm
from registrations.models import Registration
from users.models import User


def bound(page: str, draft: Registration, data: Any) -> Form:
    """Return a page's form with what was sent."""
    return CustomerForm(data) if page == "customer" else DealForm(data, today=today(), kept=draft)


def unbound(page: str, draft: Registration, seller: User) -> Form:
    """Return a page's form with what is kept, or what its seller's last deals suggest."""
    if page == "customer":
        return CustomerForm(initial={name: getattr(draft, name) for name in prefill.CUSTOMER})
    initial: dict[str, Any] = {name: getattr(draft, name) for name in prefill.DEAL}
    initial["product_lines"] = list(draft.product_lines.values_list("pk", flat=True))
    if draft.value is not None:
        initial["value"] = f"{draft.value.normalize():f}"
    if draft.expected_close:
        initial["expected_close"] = f"{draft.expected_close:%Y-%m}"
    initial |= prefill.deal_page(draft, seller)
    return DealForm(initial=initial, today=today(), kept=draft)


def write(request: PrmRequest, draft: Registration, values: dict[str, Any]) -> Registration:
    """Save a page's fields."""
    lines = values.pop("product_lines", None)
    return services.save_draft(draft, values, actor=request.user, product_lines=lines)


def keep_valid(request: PrmRequest, draft: Registration, form: Form) -> Registration:
    """Save the fields that are fine; the others stay on the page only."""
    form.is_valid()
    sent = {name for name in form.cleaned_data if name in request.POST or _is_tick(form, name)}
    return write(request, draft, {name: form.cleaned_data[name] for name in sent})


def _is_tick(form: Form, name: str) -> bool:
    """A browser sends nothing at all for a box that is not ticked."""
    return isinstance(form.fields.get(name), BooleanField)


def keep_unfinished(request: PrmRequest, draft: Registration, form: Form) -> bool:
    """Save what there is; a draft may lack something, but nothing typed is dropped unsaid.

    Return whether nothing is left on the form that somebody must look at.
    """
    keep_valid(request, draft, form)
    for name in [name for name in form.errors if not typed(request, name)]:
        del form.errors[name]
    return not form.errors


def say(request: PrmRequest, form: Form) -> None:
    """Say what was understood otherwise than it was typed."""
    for note in getattr(form, "notes", ()):
        messages.info(request, note)


def typed(request: PrmRequest, name: str) -> bool:
    """Whether there is anything in a field that was sent."""
    return any(value.strip() for value in request.POST.getlist(name))


def begun(request: PrmRequest) -> bool:
    """Whether there is anything to make a draft of."""
    return typed(request, "company_name") or typed(request, "website")


def token_in(request: PrmRequest) -> uuid.UUID:
    """Return the form's token; a form without a readable one gets a new one."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def today() -> date:
    """Return the portal's own day."""
    return clock.today(portal.zone())


def closed(partner: Partner | None) -> dict[str, Any]:
    """Return why registering is, or soon will be, closed: said before somebody types."""
    if partner is None:
        return {}
    return {"gates": gates.standing(partner, [gates.Gate.REGISTRATION])}
