"""Publishing an earlier version again, and taking back one that is not in force yet."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from prm.http import PrmRequest, posted, see_other
from prm.locks import Busy
from prm.rules import services
from prm.rules.drafts import publish_again
from prm.rules.fields import RuleKind
from prm.rules.forms import NoteForm
from prm.rules.models import RuleVersion
from prm.rules.problems import RuleInvalid
from prm.rules.selectors import changes_of
from prm.rules.showing import show_rules
from prm.rules.views.common import for_administrators, get_or_post, kind_or_404, status_of


@for_administrators
@get_or_post
def again(request: PrmRequest, kind: str, number: int) -> HttpResponse:
    """Ask, then publish an earlier version's rules as the newest version."""
    found, version = _version(kind, number)
    form = NoteForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = publish_again(version, note=form.cleaned_data["note"], actor=request.user)
        except RuleInvalid as invalid:
            form.add_error(
                None,
                _("This version cannot be published any more: %(why)s")
                % {"why": invalid.problems[0].text},
            )
        except Busy:
            form.add_error(None, _("Somebody is saving these rules right now. Try again."))
        else:
            parts = {"old": number, "new": made.number}
            done = _("Version %(new)d says what version %(old)d said. It is in force now.") % parts
            messages.success(request, done)
            return see_other("rules:kind", found.slug)
    current = _in_force(found)
    context = {
        "form": form,
        "kind": found,
        "version": version,
        "shown": show_rules(found, version.body),
        "changes": changes_of(version, current),
        "current": current,
    }
    return render(request, "rules/again.html", context, status=status_of(form))


@for_administrators
@get_or_post
def withdraw(request: PrmRequest, kind: str, number: int) -> HttpResponse:
    """Ask, then take back a version that is not in force yet."""
    found, version = _version(kind, number)
    form = NoteForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            services.withdraw(version, note=form.cleaned_data["note"], actor=request.user)
        except services.InForceAlready:
            form.add_error(None, _("This version is in force or withdrawn already."))
        except Busy:
            form.add_error(None, _("Somebody is saving these rules right now. Try again."))
        else:
            messages.success(request, _("Withdrawn. It will not take effect."))
            return see_other("rules:kind", found.slug)
    context = {"form": form, "kind": found, "version": version}
    return render(request, "rules/withdraw.html", context, status=status_of(form))


def _version(slug: str, number: int) -> tuple[RuleKind, RuleVersion]:
    kind = kind_or_404(slug)
    if number > 2_000_000_000:
        raise Http404
    return kind, get_object_or_404(RuleVersion, kind=kind.code, number=number)


def _in_force(kind: RuleKind) -> RuleVersion | None:
    try:
        return services.current(kind.code)
    except services.NoRules:
        return None
