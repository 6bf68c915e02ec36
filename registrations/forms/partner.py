"""What a partner types about a deal that is on its way: answer, stage, how it ended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.enums import LIVE_STAGES, CloseCode
from registrations.forms.versions import VersionForm


class AnswerForm(VersionForm):
    """The partner's answer."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your answer.")},
    )


class StageForm(forms.Form):
    """Move the sales stage."""

    stage = forms.ChoiceField(
        label=_("Sales stage"), choices=[(stage.value, stage.label) for stage in LIVE_STAGES]
    )


class CloseForm(VersionForm):
    """Close as won, lost or released."""

    code = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[
            (CloseCode.WON.value, _("We won it")),
            (CloseCode.LOST.value, _("We lost it")),
            (CloseCode.RELEASED.value, _("We release it: somebody else may have it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )
