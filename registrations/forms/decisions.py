"""What a referee types: decisions and settlements."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.enums import DeclineCode, Settlement
from registrations.forms.versions import VersionForm


class ApproveForm(VersionForm):
    """Approve, in spite of open conflicts if that is ticked."""

    note = forms.CharField(
        label=_("Note to the partner"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    overrule = forms.BooleanField(label=_("Approve in spite of the open conflicts"), required=False)


class RejectForm(VersionForm):
    """Decline with a reason."""

    code = forms.ChoiceField(
        label=_("Reason"),
        choices=DeclineCode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2_000,
        help_text=_("The partner reads exactly this. Never name another partner."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a sentence that the partner can act on.")},
    )


class QueueForm(VersionForm):
    """Put in line."""

    note = forms.CharField(
        label=_("Note to the partner"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskForm(VersionForm):
    """Ask for more."""

    question = forms.CharField(
        label=_("What do you need to know?"),
        max_length=2_000,
        help_text=_("Your clock stops until the partner answers."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write your question.")},
    )


class SettleForm(forms.Form):
    """Settle one conflict."""

    settlement = forms.ChoiceField(
        choices=[
            (Settlement.OVERRULED.value, _("Overrule")),
            (Settlement.DIFFERENT.value, _("Not the same customer")),
            (Settlement.UPHELD.value, _("Uphold")),
        ]
    )
