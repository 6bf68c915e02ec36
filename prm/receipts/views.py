"""The public page that says whether a receipt is genuine, and nothing else about anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prm import limits
from prm.access import Audience, access
from prm.http import client_address
from prm.receipts.forms import VerifyForm
from prm.receipts.registry import verify

MOST_TRIES = 30
WINDOW = 300  # seconds


@access(Audience.PUBLIC)
@never_cache
@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """Ask for a receipt's reference and digest, or say whether they belong together.

    A link from a receipt carries both; asking changes nothing, so the form asks by GET. Whatever does
    not match gets one and the same answer.
    """
    asked = "reference" in request.GET or "digest" in request.GET
    form = VerifyForm(request.GET if asked else None)
    context: dict[str, object] = {"form": form, "asked": False}
    status = 200
    if asked and not limits.may("verify", client_address(request), most=MOST_TRIES, seconds=WINDOW):
        return render(request, "429.html", status=429)
    if asked and form.is_valid():
        context |= {"asked": True, "genuine": verify(**form.cleaned_data)}
    elif asked:
        status = 422
    return render(request, "receipts/verify.html", context, status=status)
