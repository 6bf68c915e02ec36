"""Forms of a list on its way: the file, and which of its columns is which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import Designation
from companies.forms.company import CountryField
from companies.loads.columns import COLUMNS
from companies.models import CompanyLoad


class UploadForm(forms.Form):
    """A CSV file; its content is judged by `prm.tables`."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("A CSV file in UTF-8, up to 256 MB and 1,000,000 rows, with a header."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty."),
        },
    )


class MappingForm(forms.Form):
    """For each of our columns, which one of the list it is."""

    def __init__(self, load: CompanyLoad, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {key: str(at) for key, at in load.mapping.items()}
        self.initial |= {"default_designation": load.designation, "default_country": load.country}
        choices = [(str(at), head or f"{at + 1}") for at, head in enumerate(load.header)]
        for column in COLUMNS:
            self.fields[column.key] = forms.ChoiceField(
                label=column.label,
                help_text=column.hint,
                choices=[("", _("Not in this list")), *choices],
                required=column.key == "name",
                error_messages={"required": _("Choose the column that holds the company’s name.")},
            )
        self.fields["default_designation"] = forms.ChoiceField(
            label=_("Designation of rows that name none"),
            choices=[("", _("Leave as it is; open for new companies")), *Designation.choices],
            required=False,
        )
        self.fields["default_country"] = CountryField(
            label=_("Country of rows that name none"), required=False
        )

    def mapping(self) -> dict[str, int]:
        """Our column -> position in the list; the form is valid."""
        return {
            column.key: int(self.cleaned_data[column.key])
            for column in COLUMNS
            if self.cleaned_data[column.key]
        }
