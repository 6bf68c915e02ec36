"""How a referee's form becomes a move: made and on to the next case, or back with a sentence."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from prm.http import PrmRequest, SeeOther
from registrations import desk
from registrations.forms import VersionForm
from registrations.models import Decision, Registration
from registrations.views.case import LAST, case_url, show, tab_in
from registrations.views.common import REFUSALS, reach, sentence_of

__all__ = ["REFUSALS", "advance", "try_form"]


def advance(request: PrmRequest, row: Registration) -> str:
    """Return where to go once a case is decided: the next one of its tab, else the empty queue."""
    tab = tab_in(request)
    following = desk.next_after(request.user, tab, row)
    if following is not None:
        return case_url(following, tab)
    page = reverse("registrations:manage-queue")
    return page if tab == desk.Tab.WAITING else f"{page}?view={tab.value}"


def try_form(
    request: PrmRequest,
    row: Registration,
    form: VersionForm,
    slot: str,
    move: Callable[[], Any],
    *,
    then: str = "",
    decides: bool = False,
) -> HttpResponse:
    """Make a move from a form; refused, the page comes back with the sentence and what was typed.

    `then` is where to go on; without it, the case is shown. A decision is remembered, so that the desk
    can offer to take it back.
    """
    if form.is_valid():
        try:
            move()
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, row.reference)
            form.read_again(row.version)
        else:
            request.session.pop(LAST, None)
            if decides:
                made = Decision.objects.filter(registration=row).latest("pk")
                request.session[LAST] = str(made.uid)
            return SeeOther(then or case_url(row, tab_in(request)))
    return show(request, row, 422, **{slot: form, "form": form})
