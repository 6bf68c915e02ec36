"""What goes to the new company when one is split."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from companies import registry
from companies.models import Company
from companies.services import Parting


class SplitForm(forms.Form):
    """Boxes for names, domains, numbers, sites, ids of other systems, and records of rooms above."""

    def __init__(self, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: dict[str, int] = {}
        for row in company.names.shown().order_by("pk"):
            if row.raw != company.name:
                names.setdefault(row.raw, row.pk)
        self._boxes("names", _("Names"), [(pk, raw) for raw, pk in names.items()])
        domains = company.domains.filter(active=True)
        self._boxes("domains", _("Web domains"), [(row.pk, row.domain) for row in domains])
        self._boxes("numbers", _("Registration numbers"), _by_uid(company.numbers.all()))
        self._boxes("sites", _("Sites"), _by_uid(company.sites.all()))
        self._boxes("external_ids", _("IDs in other systems"), _by_uid(company.external_ids.all()))
        for name, records in registry.splittable().items():
            self._boxes(f"records_{name}", records.label, records.choices(company))
        self.fields["names"].error_messages["required"] = _(
            "Choose at least one name for the new company."
        )
        self.fields["names"].required = True

    def parting(self) -> Parting:
        """What was chosen; the form is valid."""
        data = self.cleaned_data
        uids = {
            name: frozenset(UUID(uid) for uid in data.get(name, ()))
            for name in ("numbers", "sites", "external_ids")
        }
        return Parting(
            names=frozenset(int(pk) for pk in data["names"]),
            domains=frozenset(int(pk) for pk in data.get("domains", ())),
            **uids,
            records={
                name: frozenset(data.get(f"records_{name}", ())) for name in registry.splittable()
            },
        )

    def chosen(self) -> list[tuple[str, list[str]]]:
        """What was chosen, in words, by what it is."""
        found = []
        for name, field in self.fields.items():
            words = {str(key): str(label) for key, label in field.choices}  # type: ignore[attr-defined]
            picked = [words[str(key)] for key in self.cleaned_data.get(name, ())]
            if picked:
                found.append((str(field.label), picked))
        return found

    def _boxes(self, name: str, label: Any, choices: list[tuple[Any, str]]) -> None:
        if choices or name == "names":
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


def _by_uid(rows: Any) -> list[tuple[str, str]]:
    return [(str(row.uid), str(row)) for row in rows]
