"""The partner's task list: what is done, and what each task is good for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.enums import NEEDED_TO_CONFIRM, Function, PartnerTask
from partners.models import Contact, Partner
from partners.selectors.agreements import missing_acceptances
from partners.selectors.people import contacts_of
from partners.selectors.profile import profile_ends_at
from prm import clock

NOTES: "dict[PartnerTask, str | Promise]" = {
    PartnerTask.TERRITORIES: _("Needed to get leads from there"),
    PartnerTask.PRODUCT_LINES: _("Needed to get leads about them"),
    PartnerTask.SKILLS: _("Leads that ask for a skill go to partners who have it"),
    PartnerTask.SALES: _("Needed to get leads: somebody has to answer them"),
    PartnerTask.SIGNER: _("Needed to accept the terms"),
    PartnerTask.HOURS: _("Deadlines count in your hours; until then in the portal's"),
    PartnerTask.TERMS: _("Needed for what the terms name, such as registering deals"),
    PartnerTask.CONFIRM: _("Needed to get leads"),
}
_PAGES = {
    PartnerTask.TERRITORIES: "partners:profile-places",
    PartnerTask.PRODUCT_LINES: "partners:profile-lines",
    PartnerTask.SKILLS: "partners:profile-skills",
    PartnerTask.SALES: "partners:contacts",
    PartnerTask.SIGNER: "partners:contacts",
    PartnerTask.HOURS: "partners:profile-hours",
    PartnerTask.TERMS: "partners:terms-list",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    code: PartnerTask
    done: bool

    @property
    def label(self) -> str:
        """What to do; starts with a verb."""
        return str(self.code.label)

    @property
    def note(self) -> str:
        """What it is good for."""
        return str(NOTES[self.code])

    @property
    def url(self) -> str:
        """The page on which it is done; "" for the one button of the task list itself."""
        name = _PAGES.get(self.code)
        return reverse(name) if name else ""


def profile_tasks(partner: Partner) -> list[Task]:
    """Return the partner's tasks in their order; a constant number of queries."""
    contacts = list(contacts_of(partner))
    stated = _stated(partner, contacts)
    ends_at = profile_ends_at(partner)
    stated[PartnerTask.SKILLS] = partner.skills.exists()
    stated[PartnerTask.SIGNER] = any(contact.signs for contact in contacts)
    stated[PartnerTask.HOURS] = bool(partner.zone) or partner.hours.exists()
    stated[PartnerTask.TERMS] = not missing_acceptances(partner)
    stated[PartnerTask.CONFIRM] = ends_at is not None and ends_at > clock.now()
    return [Task(code, stated[code]) for code in PartnerTask]


def missing_to_confirm(partner: Partner) -> list[PartnerTask]:
    """Return what has to be stated before a profile can be confirmed."""
    stated = _stated(partner, contacts_of(partner))
    return [code for code in NEEDED_TO_CONFIRM if not stated[code]]


def _stated(partner: Partner, contacts: Iterable[Contact]) -> dict[PartnerTask, bool]:
    return {
        PartnerTask.TERRITORIES: partner.territories.exists(),
        PartnerTask.PRODUCT_LINES: partner.product_lines.exists(),
        PartnerTask.SALES: any(Function.SALES in contact.functions for contact in contacts),
    }
