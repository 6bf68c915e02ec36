"""What a visitor may try; each ticks itself once the portal's own events show that it was done."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from prm.events import Event
from tenants.models import DemoSeed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing to try, and the events that prove it."""

    title: "_StrPromise"
    how: "_StrPromise"
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Progress:
    """A trial and whether it was done."""

    title: "_StrPromise"
    how: "_StrPromise"
    done: bool


VENDOR_TRIALS = (
    Trial(
        _("Register a deal"),
        _("As a seller: “Register a deal”. Try a customer under another spelling of its name."),
        frozenset({"registration.submitted"}),
    ),
    Trial(
        _("Prove when you registered"),
        _(
            "As a seller: register a deal and open its certificate from the mail. Then, signed out, verify "
            "it: the page says when, and nothing else."
        ),
        frozenset({"registration.submitted"}),
    ),
    Trial(
        _("Ask for more time"),
        _(
            "As a seller: open a protected deal, “Ask for more time”, with a file. As a channel manager: "
            "grant or refuse it on the deal's page."
        ),
        frozenset({"registration.extension-asked", "registration.extension-granted"}),
    ),
    Trial(
        _("Hand a deal to a colleague"),
        _("As a seller: open a deal or a draft, “Hand over”, and choose who has it from now on."),
        frozenset({"registration.handed-over"}),
    ),
    Trial(
        _("Settle a conflict and decide"),
        _("As a channel manager: open the queue, compare the two sides, approve or decline."),
        frozenset({"registration.approved", "registration.rejected", "registration.queued"}),
    ),
    Trial(
        _("Clear the desk by keyboard"),
        _(
            "As a channel manager: open a case of “Decisions”; A approves, D declines, J is the next, "
            "Z takes the last decision back for 30 seconds, ? shows every key."
        ),
        frozenset({"registration.undone"}),
    ),
    Trial(
        _("Hand a lead over"),
        _(
            "As a lead agent: enter and qualify one. As a channel manager: distribute it and read why. "
            "As the seller: accept, then turn it into a deal."
        ),
        frozenset({"lead.accepted"}),
    ),
    Trial(
        _("Act for a partner's person"),
        _(
            "As a channel manager: open a partner, “Act for this person”, register a deal, press “Stop”. "
            "The deal's history names both."
        ),
        frozenset({"partner.acting_started"}),
    ),
    Trial(
        _("Register for a partner"),
        _(
            "As a channel manager: open a partner, “Register a deal for this partner”, choose who sells "
            "there. The seller gets the receipt with your name; you cannot decide it."
        ),
        frozenset({"registration.begun-for-partner"}),
    ),
    Trial(
        _("Clean the directory"),
        _(
            "As a channel manager: Companies, Duplicates. Compare a pair and answer; a merge can be undone."
        ),
        frozenset({"company.merged", "company.told_apart", "company.related", "company.unmerged"}),
    ),
    Trial(
        _("Load your named accounts"),
        _(
            "As a channel manager: Companies, Load a list. Any CSV file will do; look before you load."
        ),
        frozenset({"company-list.loaded"}),
    ),
    Trial(
        _("Make an exception from a rule"),
        _(
            "As a channel manager: open the company “City of Fairhaven”. A rule made it vendor-direct; "
            "say otherwise by hand, then let the rules speak again."
        ),
        frozenset({"company.designated"}),
    ),
    Trial(
        _("Bring running deals along"),
        _(
            "As the administrator: Settings, Import of deals. Download the example, upload it, look at "
            "what would happen, import it. Then undo it."
        ),
        frozenset({"registration-import.done"}),
    ),
    Trial(
        _("Let time pass"),
        _("Press “+14 days” twice or three times: reminders go out and reach the mailbox."),
        frozenset({"registration.prodded"}),
    ),
    Trial(
        _("Answer from a mail"),
        _("In the mailbox, open the reminder and press “Still active”; no sign-in is needed."),
        frozenset({"registration.touched"}),
    ),
    Trial(
        _("See protection end"),
        _(
            "Let more time pass without an answer: the protection ends, and the next in line moves up."
        ),
        frozenset({"registration.closed", "registration.moved-up"}),
    ),
    Trial(
        _("Publish terms and accept them"),
        _(
            "As the administrator: publish the draft under “Agreements”. Then, as the partner's "
            "administrator, read and accept it: registering is closed until then."
        ),
        frozenset({"terms.accepted"}),
    ),
    Trial(
        _("Change a rule without fear"),
        _(
            "As the administrator: “Rules”, “Rules of distribution”. Look at what the draft finds odd, "
            "mend it, try it on a lead, publish."
        ),
        frozenset({"rules.published"}),
    ),
    Trial(
        _("Confirm a profile"),
        _("As a partner administrator: “Profile and terms”, then “Everything is still right”."),
        frozenset({"partner.profile_confirmed"}),
    ),
)
OPERATOR_TRIALS = (
    Trial(
        _("Open a portal"),
        _("Press “New portal”; some seconds later its first administrator has an invitation."),
        frozenset({"portal.opened"}),
    ),
    Trial(
        _("Suspend a portal and resume it"),
        _("Open its address in between: the page names nothing."),
        frozenset({"portal.resumed"}),
    ),
    Trial(
        _("Rename a portal's host"),
        _("In the menu of a portal: the old address leads to the new one for as long as you say."),
        frozenset({"portal.renamed"}),
    ),
    Trial(
        _("Export a portal and download it"),
        _(
            "Unpack the archive and run “python verify_ledger.py ledger.jsonl”: no portal is needed."
        ),
        frozenset({"portal.export-fetched"}),
    ),
    Trial(
        _("Delete a portal, then cancel it"),
        _("Initech is to be deleted in 30 days: cancel it, or move the clock past its day."),
        frozenset({"portal.deletion-cancelled", "portal.deleted"}),
    ),
)


def progress(schema: str) -> list[Progress]:
    """Return a portal's trials with what the visitor has done since the seed; two queries."""
    trials = OPERATOR_TRIALS if schema == "ops" else VENDOR_TRIALS
    seed = DemoSeed.objects.filter(tenant__schema_name=schema).first()
    since = Event.objects.filter(pk__gt=seed.last_event if seed else 0)
    codes = {code for trial in trials for code in trial.codes}
    happened = set(since.filter(code__in=codes).values_list("code", flat=True).distinct())
    return [Progress(t.title, t.how, bool(t.codes & happened)) for t in trials]
