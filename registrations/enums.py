"""Words of a registration's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where the vendor's decision stands."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    IN_REVIEW = "IN_REVIEW", _("In review")
    ACTION_REQUIRED = "ACTION_REQUIRED", _("Action required")
    APPROVED = "APPROVED", _("Approved")
    QUEUED = "QUEUED", _("In line")
    REJECTED = "REJECTED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    CLOSED = "CLOSED", _("Closed")


OPEN_STATES = (State.SUBMITTED, State.IN_REVIEW, State.ACTION_REQUIRED, State.QUEUED)
"""Submitted and not decided for good: what competes with a new submission."""

WAITING_STATES = (State.SUBMITTED, State.IN_REVIEW)
"""What the vendor's clock runs for."""

UNFINISHED_STATES = (State.DRAFT, *OPEN_STATES)
"""Somebody still has to do something, the partner or the vendor."""


class Action(models.TextChoices):
    """What can be done to a registration; each is one service."""

    SUBMIT = "SUBMIT", _("Submit")
    TAKE = "TAKE", _("Take")
    ASK = "ASK", _("Ask for more")
    ANSWER = "ANSWER", _("Answer")
    APPROVE = "APPROVE", _("Approve")
    QUEUE = "QUEUE", _("Put in line")
    REJECT = "REJECT", _("Decline")
    WITHDRAW = "WITHDRAW", _("Withdraw")
    PROMOTE = "PROMOTE", _("Move up")
    REOPEN = "REOPEN", _("Reopen")
    CLOSE = "CLOSE", _("Close")


class CloseCode(models.TextChoices):
    """How an approved registration ended."""

    WON = "WON", _("Won")
    LOST = "LOST", _("Lost")
    EXPIRED = "EXPIRED", _("Protection ended")
    RELEASED = "RELEASED", _("Released")
    REVOKED = "REVOKED", _("Revoked")
    DUPLICATE = "DUPLICATE", _("Duplicate")


class LostReason(models.TextChoices):
    """Why a deal was lost, as the partner says."""

    PRICE = "PRICE", _("The price")
    COMPETITOR = "COMPETITOR", _("A competitor's product")
    PRODUCT = "PRODUCT", _("Something the product lacks")
    NO_BUDGET = "NO_BUDGET", _("No budget")
    NO_DECISION = "NO_DECISION", _("The customer decided to do nothing")
    TIMING = "TIMING", _("Too late or too early")
    OTHER = "OTHER", _("Another reason")


class Stage(models.TextChoices):
    """How far the partner's sale is; the partner owns it."""

    PROSPECT = "PROSPECT", _("Prospect")
    QUALIFIED = "QUALIFIED", _("Qualified")
    PROPOSAL = "PROPOSAL", _("Proposal")
    NEGOTIATION = "NEGOTIATION", _("Negotiation")
    COMMITTED = "COMMITTED", _("Committed")
    WON = "WON", _("Won")
    LOST = "LOST", _("Lost")


LIVE_STAGES = (
    Stage.PROSPECT,
    Stage.QUALIFIED,
    Stage.PROPOSAL,
    Stage.NEGOTIATION,
    Stage.COMMITTED,
)


class DeclineCode(models.TextChoices):
    """Why a registration is declined, as the partner will read it."""

    NOT_AVAILABLE = "NOT_AVAILABLE", _("This customer is not available")
    DIRECT = "DIRECT", _("We serve this customer ourselves")
    NOT_ELIGIBLE = "NOT_ELIGIBLE", _("The deal is outside the programme")
    INCOMPLETE = "INCOMPLETE", _("What we asked for is missing")
    DUPLICATE = "DUPLICATE", _("You have registered this deal already")


class ConflictKind(models.TextChoices):
    """What a registration collides with."""

    PROTECTED = "PROTECTED", _("Protected for another partner")
    PENDING = "PENDING", _("Waiting elsewhere")
    VENDOR_DIRECT = "VENDOR_DIRECT", _("Vendor-direct company")
    RESTRICTED = "RESTRICTED", _("Restricted company")
    LEAD = "LEAD", _("Lead at another partner")
    RELATED = "RELATED", _("Related company")
    OWN_DUPLICATE = "OWN_DUPLICATE", _("Same partner, same customer")


class Settlement(models.TextChoices):
    """How a person settled a conflict."""

    OVERRULED = "OVERRULED", _("Overruled: the registration may go ahead")
    UPHELD = "UPHELD", _("Upheld")
    DIFFERENT = "DIFFERENT", _("Different customers")
    GONE = "GONE", _("No longer there")
    OUT_OF_SCOPE = "OUT_OF_SCOPE", _("Out of scope: no conflict")


class TouchKind(models.TextChoices):
    """Proof that a partner worked a registration."""

    MAIL = "MAIL", _("Confirmed from a mail")
    PAGE = "PAGE", _("Confirmed on the page")
    STAGE = "STAGE", _("Moved the sales stage")


class Exclusivity(models.TextChoices):
    """How much of a customer a registration claims; "all" is the unbounded range."""

    COMPANY = "COMPANY", _("the whole company")
    PRODUCTS = "PRODUCTS", _("its product lines, everywhere")
    PLACES = "PLACES", _("its place, for all product lines")
    PRODUCTS_PLACES = "PRODUCTS_PLACES", _("its product lines in its place")


class Eligibility(models.TextChoices):
    """What the rules make of a deal before anybody looks at it."""

    ELIGIBLE = "ELIGIBLE", _("eligible")
    REVIEW = "REVIEW", _("eligible if a person agrees")
    REFUSED = "REFUSED", _("not eligible: it cannot be registered")


class ExtensionState(models.TextChoices):
    """Where a request for more time stands."""

    PENDING = "PENDING", _("Waiting")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    LAPSED = "LAPSED", _("Overtaken: the deal is over")


class Reader(models.TextChoices):
    """Who may read a message or a file of a registration."""

    BOTH = "BOTH", _("Partner and vendor")
    STAFF = "STAFF", _("Staff only")


class ImportState(models.TextChoices):
    """Where a file of running registrations stands."""

    MAPPING = "MAPPING", _("Columns to be matched")
    CHECKING = "CHECKING", _("Being checked")
    CHECKED = "CHECKED", _("Checked, nothing written")
    RUNNING = "RUNNING", _("Being imported")
    DONE = "DONE", _("Imported")
    UNDOING = "UNDOING", _("Being undone")
    UNDONE = "UNDONE", _("Undone")
    DISCARDED = "DISCARDED", _("Discarded")


class ImportOutcome(models.TextChoices):
    """What a row of such a file becomes."""

    CREATE = "CREATE", _("Becomes a deal")
    SKIP = "SKIP", _("Is there already")
    ERROR = "ERROR", _("Cannot be imported")


class Verdict(models.TextChoices):
    """What a partner is told about a customer before it registers: four answers, never a cause."""

    CLEAR = "CLEAR", _("No conflict found")
    YOURS = "YOURS", _("Already yours")
    REVIEW = "REVIEW", _("Needs review")
    NOT_ELIGIBLE = "NOT_ELIGIBLE", _("Not eligible")


class Disclosure(models.TextChoices):
    """How much the vendor lets partners learn before they register."""

    OFF = "OFF", _("Nothing: partners cannot check a customer")
    GENERIC = "GENERIC", _("The verdict only")
    MONTH = "MONTH", _("The verdict, and the month in which a protection ends")
