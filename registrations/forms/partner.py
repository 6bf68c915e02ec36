"""What a partner types about a deal that is on its way: answer, stage, how it ended, more time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.enums import LIVE_STAGES, CloseCode, LostReason
from registrations.forms.customer import CustomerForm
from registrations.forms.deal import DealForm
from registrations.forms.versions import VersionForm
from registrations.models import Registration
from registrations.services.answering import opened
from users.models import User

LIMITS = _("PNG, JPEG, PDF or CSV, at most 10 MB.")
CHOOSE_AGAIN = _("Choose the file again: a browser does not keep it.")


class StageForm(forms.Form):
    """Move the sales stage."""

    stage = forms.ChoiceField(
        label=_("Sales stage"), choices=[(stage.value, stage.label) for stage in LIVE_STAGES]
    )


class HandOverForm(forms.Form):
    """To whom a deal is given."""

    colleague = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=User.objects.none(),
        to_field_name="uid",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("This person no longer works here. Choose somebody else."),
        },
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["colleague"]
        field.queryset = colleagues
        field.label_from_instance = lambda user: f"{user.name} ({user.email})"


class FileForm(forms.Form):
    """One file of evidence."""

    file = forms.FileField(
        label=_("File"),
        help_text=LIMITS,
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    staff_only = forms.BooleanField(label=_("For the staff only"), required=False)

    def __init__(self, *args: Any, staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "file-%s", **kwargs})
        if not staff:
            del self.fields["staff_only"]


class MessageForm(forms.Form):
    """Something to tell the other side, or to note."""

    text = forms.CharField(
        label=_("Message"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write your message.")},
    )

    def __init__(self, *args: Any, auto_id: str = "message-%s", **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": auto_id, **kwargs})


class ExtensionForm(VersionForm):
    """Why a deal needs more time, with evidence if its rules ask for some."""

    reason = forms.CharField(
        label=_("Why does it need more time?"),
        max_length=2_000,
        help_text=_("What has happened since it was approved, and what is still to come."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what has happened and what is still to come.")},
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        help_text=LIMITS,
        error_messages={
            "required": _("Add a file that shows that the deal is alive, for example an e-mail."),
            "empty": _("This file is empty."),
        },
    )

    def __init__(self, *args: Any, needs_evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = needs_evidence

    def clean(self) -> dict[str, Any]:
        """A file is lost with a form that comes back."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors and cleaned.get("evidence"):
            self.add_error("evidence", CHOOSE_AGAIN)
        return cleaned


class WithdrawForm(VersionForm):
    """Why a deal is taken back."""

    reason = forms.CharField(
        label=_("Why do you withdraw it?"),
        max_length=200,
        error_messages={"required": _("Say in a few words why.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CloseForm(VersionForm):
    """Close as won, lost or released; a lost deal says why."""

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
    lost_because = forms.ChoiceField(
        label=_("If you lost it: why?"),
        required=False,
        choices=[("", _("Choose a reason")), *LostReason.choices],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1_000,
        help_text=_("Both sides can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A lost deal says why; any other has no reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("code") != CloseCode.LOST:
            cleaned["lost_because"] = ""
        elif not cleaned.get("lost_because") and "lost_because" not in self.errors:
            self.add_error("lost_because", _("Choose why you lost it."))
        return cleaned


class AnswerForm(CustomerForm, DealForm, VersionForm):
    """The partner's answer, with those fields of the two pages that the vendor has opened.

    They are cleaned as they were when the deal was registered.
    """

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your answer.")},
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=LIMITS,
        error_messages={"empty": _("This file is empty.")},
    )

    def __init__(self, *args: Any, kept: Registration, **kwargs: Any) -> None:
        super().__init__(*args, kept=kept, **kwargs)
        self.open_fields = opened(kept.open_fields)
        for name in set(self.fields) - self.open_fields - {"version", "answer"}:
            del self.fields[name]
        order = [name for name in self.fields if name not in {"version", "answer"}]
        self.order_fields(["version", *order, "answer"])
        if "evidence" in self.fields:
            self.fields["evidence"].required = not kept.files.exists()

    def clean(self) -> dict[str, Any]:
        """A file is lost with a form that comes back."""
        cleaned = super().clean()
        if self.errors and cleaned.get("evidence"):
            self.add_error("evidence", CHOOSE_AGAIN)
        return cleaned

    @property
    def corrections(self) -> list[Any]:
        """The open fields, ready to show."""
        return [self[name] for name in self.fields if name in self.open_fields]


class GrantForm(forms.Form):
    """Grant more time."""

    note = forms.CharField(
        label=_("Note to the partner"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "grant-%s", **kwargs})


class RefuseForm(forms.Form):
    """Refuse more time, with a sentence that the partner reads."""

    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2_000,
        help_text=_("The partner reads exactly this. Never name another partner."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a sentence that the partner can act on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "refuse-%s", **kwargs})
