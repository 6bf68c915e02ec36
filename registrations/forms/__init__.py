"""What is typed about a registration, cleaned: forgiving in, exact out."""

from registrations.forms.behalf import PartnerChoiceForm, SellerForm
from registrations.forms.customer import AvailabilityForm, AvailabilityPolicyForm, CustomerForm
from registrations.forms.deal import MAX_VALUE, MONTHS_AHEAD, DealForm, month_choices
from registrations.forms.decisions import ApproveForm, AskForm, QueueForm, RejectForm, SettleForm
from registrations.forms.partner import (
    AnswerForm,
    CloseForm,
    ExtensionForm,
    FileForm,
    GrantForm,
    HandOverForm,
    MessageForm,
    RefuseForm,
    StageForm,
    WithdrawForm,
)
from registrations.forms.versions import VersionForm

__all__ = [
    "MAX_VALUE",
    "MONTHS_AHEAD",
    "AnswerForm",
    "ApproveForm",
    "AskForm",
    "AvailabilityForm",
    "AvailabilityPolicyForm",
    "CloseForm",
    "CustomerForm",
    "DealForm",
    "ExtensionForm",
    "FileForm",
    "GrantForm",
    "HandOverForm",
    "MessageForm",
    "PartnerChoiceForm",
    "QueueForm",
    "RefuseForm",
    "RejectForm",
    "SellerForm",
    "SettleForm",
    "StageForm",
    "VersionForm",
    "WithdrawForm",
    "month_choices",
]
