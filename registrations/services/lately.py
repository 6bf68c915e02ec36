"""What somebody did while another person had the page open, in a sentence: who, when and what."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm import clock, events
from registrations.models import Registration
from registrations.services.core import ChangedMeanwhile
from users.models import User

_DECIDED = {
    "registration.approved": gettext_lazy("approved"),
    "registration.rejected": gettext_lazy("declined"),
    "registration.queued": gettext_lazy("put in line"),
    "registration.asked": gettext_lazy("the partner was asked for more"),
    "registration.split": gettext_lazy("split in two"),
    "registration.reopened": gettext_lazy("reopened"),
    "registration.closed": gettext_lazy("closed"),
}
_DONE = {
    "registration.undone": gettext_lazy("%(who)s took a decision back %(ago)s."),
    "registration.taken": gettext_lazy("%(who)s took this into review %(ago)s."),
    "registration.assigned": gettext_lazy("%(who)s gave this to another reviewer %(ago)s."),
    "registration.answered": gettext_lazy("%(who)s answered %(ago)s."),
    "registration.withdrawn": gettext_lazy("%(who)s withdrew this %(ago)s."),
    "registration.moved-up": gettext_lazy("This moved up from the line %(ago)s."),
}


def changed(row: Registration) -> ChangedMeanwhile:
    """Return the refusal of a move on a page that is out of date; it names the last one to move it."""
    told = [*_DECIDED, *_DONE]
    event = events.timeline(row).filter(code__in=told).order_by("-at", "-id").first()
    if event is None:
        return ChangedMeanwhile()
    names: dict[str, Any] = {"who": _name(event.actor_uid), "ago": _ago(event)}
    if event.code in _DONE:
        return ChangedMeanwhile(str(_DONE[event.code]) % names)
    names["what"] = _DECIDED[event.code]
    return ChangedMeanwhile(_("%(who)s decided this %(ago)s: %(what)s.") % names)


def _name(uid: Any) -> str:
    person = User.objects.filter(uid=uid).first() if uid else None
    return person.name if person else _("The rules of engagement")


def _ago(event: events.Event) -> str:
    """Return how long ago that was, to the second at first: "20 seconds ago"."""
    seconds = max(1, int((clock.now() - event.at).total_seconds()))
    for size, said in _SPANS:
        if seconds >= size:
            return said(seconds // size) % {"count": seconds // size}
    return ngettext("%(count)s second ago", "%(count)s seconds ago", seconds) % {"count": seconds}


_SPANS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (86_400, lambda n: ngettext("%(count)s day ago", "%(count)s days ago", n)),
    (3_600, lambda n: ngettext("%(count)s hour ago", "%(count)s hours ago", n)),
    (60, lambda n: ngettext("%(count)s minute ago", "%(count)s minutes ago", n)),
)
