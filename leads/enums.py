"""Words of a lead's life, of its offers, and of why a partner gets one or does not."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a lead stands."""

    NEW = "NEW", _("New")
    QUALIFYING = "QUALIFYING", _("Qualifying")
    QUALIFIED = "QUALIFIED", _("Qualified")
    DISQUALIFIED = "DISQUALIFIED", _("Disqualified")
    OFFERED = "OFFERED", _("Offered")
    ACCEPTED = "ACCEPTED", _("Accepted")
    CONTACTED = "CONTACTED", _("Contacted")
    WORKING = "WORKING", _("Working")
    CONVERTED = "CONVERTED", _("Converted")
    WON = "WON", _("Won")
    LOST = "LOST", _("Lost")


HELD_STATES = (State.ACCEPTED, State.CONTACTED, State.WORKING)
"""A partner has it and has not made a deal of it: these count towards the partner's cap."""

CLAIMING_STATES = (State.OFFERED, *HELD_STATES)
"""The lead is somebody's: another partner's deal at the same company is for a referee."""

AGENT_STATES = (State.NEW, State.QUALIFYING)
"""What an agent still works on."""


class Action(models.TextChoices):
    """What can be done to a lead; each is one service."""

    BEGIN = "BEGIN", _("Begin to qualify")
    QUALIFY = "QUALIFY", _("Qualify")
    DISQUALIFY = "DISQUALIFY", _("Disqualify")
    OFFER = "OFFER", _("Offer")
    ACCEPT = "ACCEPT", _("Accept")
    DECLINE = "DECLINE", _("Decline")
    TIME_OUT = "TIME_OUT", _("Let the time run out")
    WITHDRAW = "WITHDRAW", _("Withdraw the offer")
    TAKE_BACK = "TAKE_BACK", _("Take back")
    CONTACT = "CONTACT", _("Mark contacted")
    WORK = "WORK", _("Turn into a deal")
    UNDO_WORK = "UNDO_WORK", _("Give up the draft")
    CONVERT = "CONVERT", _("Register the deal")
    WIN = "WIN", _("Win")
    LOSE = "LOSE", _("Lose")


class OfferState(models.TextChoices):
    """How one hand-over attempt stands."""

    OFFERED = "OFFERED", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    TIMED_OUT = "TIMED_OUT", _("Timed out")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    TAKEN_BACK = "TAKEN_BACK", _("Taken back")


class Rating(models.TextChoices):
    """How soon the customer wants to hear from somebody; what is neither is not handed out."""

    HOT = "HOT", _("Hot: wants to hear from somebody now")
    WARM = "WARM", _("Warm: has plans, in no hurry")


class Check(models.TextChoices):
    """What an agent asks before a lead is handed out; the number of yeses is its score."""

    NEED = "NEED", _("There is a need that we can meet")
    BUDGET = "BUDGET", _("There is a budget, or one is planned")
    DECIDER = "DECIDER", _("I spoke with somebody who decides or prepares the decision")
    TIME = "TIME", _("There is a date by which it should be solved")


class DeclineCode(models.TextChoices):
    """Why a partner declines an offer."""

    NO_TIME = "NO_TIME", _("We have no time for it now")
    NOT_OURS = "NOT_OURS", _("It is not what we do")
    TOO_FAR = "TOO_FAR", _("It is outside our area")
    KNOWN = "KNOWN", _("We work with this customer already")
    TOO_SMALL = "TOO_SMALL", _("It is too small for us")
    OTHER = "OTHER", _("Another reason")


class DisqualifyCode(models.TextChoices):
    """Why a lead is not handed out."""

    NO_NEED = "NO_NEED", _("No need or no budget")
    NOT_YET = "NOT_YET", _("Interested, but nothing planned")
    NOT_REACHED = "NOT_REACHED", _("Could not be reached")
    NOT_A_CUSTOMER = "NOT_A_CUSTOMER", _("Not a customer: student, supplier, spam")
    NO_CONSENT = "NO_CONSENT", _("Does not want to be contacted")
    DUPLICATE = "DUPLICATE", _("We have this lead already")


class LostCode(models.TextChoices):
    """Why an accepted lead came to nothing."""

    NOT_REACHED = "NOT_REACHED", _("Could not be reached")
    NO_PROJECT = "NO_PROJECT", _("There is no project")
    COMPETITOR = "COMPETITOR", _("Bought elsewhere")
    NO_BUDGET = "NO_BUDGET", _("No budget")
    OTHER = "OTHER", _("Another reason")


class Outcome(models.TextChoices):
    """What a distribution says about one candidate."""

    CHOSEN = "CHOSEN", _("Chosen")
    WAITING = "WAITING", _("Eligible, not its turn")
    RANKED = "RANKED", _("Eligible, others fit better")
    EXCLUDED = "EXCLUDED", _("Not eligible")


class Reason(models.TextChoices):
    """Why a candidate has its outcome; the codes are stored, the words are ours to improve."""

    TURN = "TURN", _("It was this partner's turn")
    BY_HAND = "BY_HAND", _("Chosen by hand")
    OTHERS_FIRST = "OTHERS_FIRST", _("Others have waited longer for their share")
    OTHERS_FIT = "OTHERS_FIT", _("Others sell more of what is wanted")
    OTHER_CHOSEN = "OTHER_CHOSEN", _("Another partner was chosen by hand")
    PAUSED = "PAUSED", _("Gets no leads: its weight is 0")
    TERRITORY = "TERRITORY", _("Does not work in this territory")
    SKILL = "SKILL", _("Lacks a skill that is asked for")
    PROFILE = "PROFILE", _("Its profile is not confirmed")
    TERMS = "TERMS", _("Terms are not accepted")
    GATE = "GATE", _("Leads are closed for this partner")
    CAP = "CAP", _("Has as many open leads as the rules allow")
    ASKED = "ASKED", _("Was offered this lead before")
    NOBODY = "NOBODY", _("Nobody there can take a lead")


class Pick(models.TextChoices):
    """Why one of several sellers gets the offer."""

    ONLY = "ONLY", _("the only seller who takes leads")
    FEWEST = "FEWEST", _("has the fewest open offers")
    LONGEST = "LONGEST", _("has waited longest for an offer")
    NAME = "NAME", _("first by name among equals")


class Kind(models.TextChoices):
    """How a distribution came about."""

    TURN = "TURN", _("By turns")
    HAND = "HAND", _("By hand")
