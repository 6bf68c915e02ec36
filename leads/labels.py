"""How events of leads read in a timeline."""

from django.utils.translation import gettext_lazy as _

from prm.events import labels

_LABELS = [
    ("started", _("Lead begun"), "edit", "neutral"),
    ("discarded", _("Lead deleted"), "trash", "neutral"),
    ("entered", _("Lead entered"), "inbox", "info"),
    ("qualified", _("Qualified"), "check-circle", "success"),
    ("disqualified", _("Disqualified"), "x-circle", "neutral"),
    ("offered", _("Offered to a partner"), "mail", "info"),
    ("nobody", _("Nobody could get it"), "warning", "warning"),
    ("accepted", _("Offer accepted"), "check-circle", "success"),
    ("declined", _("Offer declined"), "x-circle", "warning"),
    ("timed-out", _("Offer timed out"), "clock", "warning"),
    ("offer-withdrawn", _("Offer withdrawn"), "undo", "neutral"),
    ("taken-back", _("Taken back"), "undo", "warning"),
    ("contacted", _("Customer contacted"), "check", "success"),
    ("contact-overdue", _("First contact overdue"), "bell", "warning"),
    ("deal-overdue", _("No deal yet"), "bell", "warning"),
    ("made-deal", _("Turned into a deal"), "deal", "info"),
    ("gave-up-deal", _("Draft of the deal deleted"), "trash", "neutral"),
    ("converted", _("Deal registered"), "deal", "success"),
    ("won", _("Won"), "check-circle", "success"),
    ("lost", _("Lost"), "x-circle", "neutral"),
    ("weight-set", _("Weight set"), "edit", "neutral"),
]


def register() -> None:
    """Make the labels known; called when the app starts."""
    for code, text, icon, tone in _LABELS:
        labels.register(f"lead.{code}", text, icon=icon, tone=tone)
    labels.register_fields({"partner": _("Partner"), "reason": _("Reason"), "weight": _("Weight")})
