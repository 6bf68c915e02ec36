"""Every write to leads: one function per intention."""

from leads.services.answers import accept_offer, decline_offer, time_out, withdraw_offer
from leads.services.core import ChangedMeanwhile, OfferOver, Refused
from leads.services.handing import (
    NobodyThere,
    assign_lead,
    distribute_lead,
    distribute_many,
    in_order,
    preview,
)
from leads.services.intake import (
    Incomplete,
    NoNeed,
    begin_qualifying,
    discard_lead,
    disqualify_lead,
    qualify_lead,
    save_lead,
    start_lead,
)
from leads.services.turns import set_weight
from leads.services.work import (
    follow_closed,
    follow_discarded,
    follow_submitted,
    lose_lead,
    make_deal,
    mark_contacted,
    take_back,
)

__all__ = [
    "ChangedMeanwhile",
    "Incomplete",
    "NoNeed",
    "NobodyThere",
    "OfferOver",
    "Refused",
    "accept_offer",
    "assign_lead",
    "begin_qualifying",
    "decline_offer",
    "discard_lead",
    "disqualify_lead",
    "distribute_lead",
    "distribute_many",
    "follow_closed",
    "follow_discarded",
    "follow_submitted",
    "in_order",
    "lose_lead",
    "make_deal",
    "mark_contacted",
    "preview",
    "qualify_lead",
    "save_lead",
    "set_weight",
    "start_lead",
    "take_back",
    "time_out",
    "withdraw_offer",
]
