"""What a referee types besides the four plain decisions."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine
from prm.access import Audience, Role
from prm.money import AmountInvalid, parse_amount
from registrations.enums import CloseCode
from registrations.forms.decisions import AskForm
from registrations.forms.versions import VersionForm
from registrations.models import Registration
from users.models import User

ASK_FIELDS = {
    "company_name": _("Company"),
    "website": _("Website"),
    "country": _("Country"),
    "product_lines": _("Product lines"),
    "value": _("Value"),
    "expected_close": _("Expected close"),
    "contact_name": _("Contact at the customer"),
    "contact_email": _("Their e-mail address"),
    "site": _("Site"),
    "competitor": _("Competitor"),
    "description": _("What it is about"),
    "evidence": _("Evidence files"),
}


if TYPE_CHECKING:
    _PersonField = forms.ModelChoiceField[User]
else:
    _PersonField = forms.ModelChoiceField


def _note(label: Any, required: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": required} if required else None,
        **more,
    )


def referees() -> Any:
    """Return everybody who decides deals and may sign in."""
    holds = {"vendor_roles__role__in": [Role.CHANNEL_MANAGER, Role.ADMINISTRATOR]}
    people = User.objects.filter(audience=Audience.VENDOR, is_active=True, **holds)
    return people.distinct().order_by("name", "pk")


class _Person(_PersonField):
    def label_from_instance(self, obj: Any) -> str:
        """Name a person."""
        return str(obj.name)


class AskMoreForm(AskForm):
    """Ask for more, and say which fields the partner may correct with its answer."""

    open_fields = forms.MultipleChoiceField(
        label=_("What may be corrected"),
        required=False,
        choices=list(ASK_FIELDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )


class _OtherForm(VersionForm):
    """A form that points to another registration by its reference."""

    other = forms.ChoiceField(label=_("Deal"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: Iterable[Registration] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {row.reference: row for row in candidates}
        field: Any = self.fields["other"]
        field.choices = [(ref, self.describe(row)) for ref, row in self.candidates.items()]
        field.error_messages["required"] = _("Choose a deal.")

    @staticmethod
    def describe(row: Registration) -> str:
        """Name a candidate."""
        return f"{row.partner.name}, {row.company_name} ({row.reference})"

    @property
    def chosen(self) -> Registration:
        """The registration that was chosen."""
        return self.candidates[self.cleaned_data["other"]]


class JointForm(_OtherForm):
    """Approve together with another partner's deal."""

    share = forms.IntegerField(
        label=_("Share of this deal, in percent"),
        min_value=1,
        max_value=99,
        initial=50,
        help_text=_("The other deal gets the rest."),
    )
    note = _note(_("Note to the partner"))
    overrule = forms.BooleanField(
        label=_("Approve both in spite of other open conflicts"), required=False
    )


class DuplicateForm(_OtherForm):
    """Decline as a duplicate of another deal of the same partner."""

    note = _note(
        _("Note to the partner"),
        _("Write a sentence that the partner can act on."),
        initial=_("You have registered this customer already; go on with that deal."),
    )


class SplitForm(VersionForm):
    """Part a registration by product lines."""

    lines = forms.ModelMultipleChoiceField(
        label=_("Product lines of the second deal"),
        queryset=ProductLine.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one product line.")},
    )
    value = forms.CharField(
        label=_("Value of the second deal"),
        max_length=40,
        initial="0",
        help_text=_("It is taken from the first."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, row: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: Any = self.fields["lines"]
        lines.queryset = row.product_lines.all()
        lines.label_from_instance = lambda line: line.label

    def clean_value(self) -> Any:
        """Return the amount, however it was written."""
        try:
            return parse_amount(self.cleaned_data["value"], get_language() or "en")
        except AmountInvalid as error:
            raise forms.ValidationError(str(error)) from error


class HoldForm(VersionForm):
    """Lay a case aside until a day."""

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day.")},
    )
    note = forms.CharField(
        label=_("Note to yourselves"), required=False, max_length=200, help_text=_("Staff only.")
    )


class RevokeForm(VersionForm):
    """End a protection before its time."""

    code = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            (CloseCode.REVOKED.value, _("The protection should not stand")),
            (CloseCode.DUPLICATE.value, _("It is a duplicate")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )
    note = _note(
        _("Note to the partner"),
        _("Write a sentence that the partner can act on."),
        help_text=_("The partner reads exactly this. Never name another partner."),
    )


class ReopenForm(VersionForm):
    """Bring a declined registration back to review."""

    reason = _note(
        _("Why is it open again?"),
        _("Write why."),
        help_text=_("The partner reads exactly this. Never name another partner."),
    )


class AssignForm(VersionForm):
    """Give a case to somebody."""

    to = forms.ChoiceField(label=_("Reviewer"), error_messages={"required": _("Choose a person.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[str, User] = {str(person.uid): person for person in referees()}
        field: Any = self.fields["to"]
        field.choices = [(uid, person.name) for uid, person in self.people.items()]

    def clean_to(self) -> User:
        """Return the person."""
        chosen: User = self.people[self.cleaned_data["to"]]
        return chosen


class AbsenceForm(forms.Form):
    """When somebody is away, and who stands in."""

    user = _Person(label=_("Who"), queryset=User.objects.none(), to_field_name="uid")
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    deputy = _Person(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label=_("Nobody: everyone sees the cases"),
    )

    def __init__(self, *args: Any, actor: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = referees()
        deputies: Any = self.fields["deputy"]
        deputies.queryset = people
        who: Any = self.fields["user"]
        is_administrator = Role.ADMINISTRATOR in actor.roles
        who.queryset = people if is_administrator else people.filter(pk=actor.pk)
        who.empty_label, who.initial = None, actor.uid
        for name in ("first_day", "last_day"):
            self.fields[name].initial = today
