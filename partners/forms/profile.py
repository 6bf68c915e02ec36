"""Cleaning of the forms about profiles: what is chosen, hours, contacts, and how long it counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.enums import Function
from partners.models import Contact, Partner, ProfileRule
from partners.selectors import hours_of
from partners.services import ContactFacts
from prm.business_time import Span
from prm.portal import zones
from prm.portal.forms import HoursForm

Part = str
QUESTIONS: dict[Part, Any] = {
    "territories": _("Where do you work?"),
    "product_lines": _("What do you sell?"),
    "skills": _("What do you know how to do?"),
}


class ChoiceForm(forms.Form):
    """Which entries of one kind of the catalog a partner states."""

    def __init__(self, *args: Any, partner: Partner, part: Part, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = getattr(partner, part).all()
        entries: Any = held.model.objects  # what is held stays on offer, retired or not
        offered = entries.filter(retired_at=None) | entries.filter(partners=partner)
        self.fields[part] = forms.ModelMultipleChoiceField(
            label=QUESTIONS[part],
            queryset=offered.distinct(),
            required=False,
            initial=[entry.pk for entry in held],
            widget=forms.CheckboxSelectMultiple,
        )


class PartnerHoursForm(HoursForm):
    """A week in the partner's own zone; all of it may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone"),
            required=False,
            choices=lambda: [("", _("The portal's time zone")), *zones.choices()],
        )
        self.order_fields(["zone"])

    @staticmethod
    def initial_for(partner: Partner) -> dict[str, str]:
        """Return what the form shows of a partner's hours."""
        return {**HoursForm.initial_of(hours_of(partner)), "zone": partner.zone}

    @property
    def facts(self) -> dict[str, Any]:
        """The cleaned zone and week."""
        week: dict[int, tuple[Span, ...]] = self.week
        return {"zone": self.cleaned_data["zone"], "week": week}


class ContactForm(forms.Form):
    """A contact; of somebody who can sign in, name and address are their own."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        choices=Function.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one function.")},
    )
    signs = forms.BooleanField(
        label=_("May sign for the organisation"),
        required=False,
        help_text=_("Whoever has signing authority and can sign in may accept terms."),
    )

    def __init__(
        self, *args: Any, contact: Contact | None = None, on_behalf: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        if on_behalf:  # whoever acts for somebody leaves signing authority as it is
            del self.fields["signs"]
        if contact is not None and contact.user_id is not None:
            del self.fields["name"], self.fields["email"]

    @staticmethod
    def initial_of(contact: Contact) -> dict[str, Any]:
        """Return what the form shows of a stored contact."""
        names = ("name", "email", "phone", "functions", "signs")
        return {name: getattr(contact, name) for name in names}

    @property
    def facts(self) -> ContactFacts:
        """The cleaned facts."""
        values = {"signs": bool(self.contact and self.contact.signs)} | self.cleaned_data
        if self.contact is not None and self.contact.user_id is not None:
            values |= {"name": self.contact.name, "email": self.contact.email}
        values["functions"] = tuple(Function(each) for each in values["functions"])
        return ContactFacts(**values)


class DaysField(forms.CharField):
    """Numbers of days between commas; cleans to a list, the largest first."""

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        """Return the numbers."""
        text = super().to_python(value) or ""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
            raise forms.ValidationError(_("Enter numbers of days between commas, like 30, 7."))
        return sorted({int(part) for part in parts}, reverse=True)

    def run_validators(self, value: Any) -> None:
        """Numbers are checked when they are read."""

    def prepare_value(self, value: Any) -> Any:
        """Show stored numbers as they are typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class ProfileRuleForm(forms.Form):
    """How long a confirmed profile counts, and when its end is announced."""

    valid_days = forms.IntegerField(
        label=_("A confirmed profile counts for this many days"), min_value=7, max_value=3650
    )
    announce_days = DaysField(
        label=_("The end is announced this many days ahead"),
        max_length=40,
        help_text=_("Up to four numbers between commas. By default 30 and 7."),
    )

    def clean(self) -> dict[str, Any]:
        """Announcements lie within the time that a profile counts."""
        cleaned = super().clean() or {}
        days, valid = cleaned.get("announce_days"), cleaned.get("valid_days")
        if days is not None and valid and (len(days) > 4 or days[0] >= valid or days[-1] < 1):
            self.add_error(
                "announce_days",
                _("Enter up to four numbers, each smaller than the days that a profile counts."),
            )
        return cleaned

    @staticmethod
    def initial_of(rule: ProfileRule) -> dict[str, Any]:
        """Return what the form shows of the rule."""
        return {"valid_days": rule.valid_days, "announce_days": list(rule.announce_days)}
