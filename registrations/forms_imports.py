"""Forms of an import: the file, and which of its columns is which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from companies.loads.columns import Column
from registrations.enums import ImportState
from registrations.imports.columns import COLUMNS, REQUIRED
from registrations.models import RegistrationImport


class ImportUploadForm(forms.Form):
    """A CSV file; its content is judged by `prm.tables`."""

    file = forms.FileField(
        label=_("File of running deals"),
        help_text=_("A CSV file in UTF-8, up to 64 MB and 20,000 rows, with a header."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )


class ImportMappingForm(forms.Form):
    """For each of our columns, which one of the file it is."""

    def __init__(self, file: RegistrationImport, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {key: str(at) for key, at in file.mapping.items()}
        self.initial["day_first"] = "day" if file.day_first else "month"
        choices = [(str(at), head or f"{at + 1}") for at, head in enumerate(file.header)]
        for column in COLUMNS:
            self.fields[column.key] = self._field(column, file, choices)
        self.fields["day_first"] = forms.ChoiceField(
            label=_("How 03/04/2026 is meant"),
            choices=[
                ("day", _("3 April: the day first")),
                ("month", _("4 March: the month first")),
            ],
            widget=forms.RadioSelect,
        )

    @staticmethod
    def _field(
        column: Column, file: RegistrationImport, choices: list[tuple[str, str]]
    ) -> forms.ChoiceField:
        required = column.key in REQUIRED
        hint = column.hint
        if file.state == ImportState.MAPPING and column.key in file.mapping:
            how = (
                _("Guessed from the header: please check.")
                if column.key in file.guessed
                else _("As in the last import.")
            )
            hint = format_lazy("{} {}", hint, how) if hint else how
        return forms.ChoiceField(
            label=column.label,
            help_text=hint,
            choices=[("", _("Choose a column") if required else _("Not in this file")), *choices],
            required=required,
            error_messages={"required": _("Choose a column: no deal can do without it.")},
        )

    def mapping(self) -> dict[str, int]:
        """Our column -> position in the file; the form is valid."""
        return {
            column.key: int(self.cleaned_data[column.key])
            for column in COLUMNS
            if self.cleaned_data[column.key]
        }

    @property
    def day_first(self) -> bool:
        """Whether the day comes first in dates with slashes; the form is valid."""
        return bool(self.cleaned_data["day_first"] == "day")
