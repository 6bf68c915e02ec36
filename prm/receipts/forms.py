"""Cleaning of what somebody copies from a receipt."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    """Reference and digest, as printed."""

    reference = forms.CharField(label=_("Reference"), max_length=40)
    digest = forms.CharField(
        label=_("Digest"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("64 letters and digits, as printed on the receipt."),
    )
