"""Cleaning of the catalog's forms."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.enums import Kind
from prm import countries, portal


class CountriesField(forms.CharField):
    """Countries by name or code between commas; cleans to a list of codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000, **kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the codes."""
        try:
            return countries.parse(super().to_python(value) or "")
        except countries.CountriesUnknown as error:
            raise forms.ValidationError(
                _("These are not countries: %(words)s."), params={"words": ", ".join(error.words)}
            ) from error

    def run_validators(self, value: Any) -> None:
        """Countries are checked when they are read."""

    def prepare_value(self, value: Any) -> Any:
        """Show stored codes by name, and typed text as it was typed."""
        return countries.spell(value) if isinstance(value, list) else value


class EntryForm(forms.Form):
    """A name, its words in the portal's other languages, and a territory's countries."""

    name = forms.CharField(label=_("Name"), max_length=80)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = portal.current().languages
        for code, language in settings.LANGUAGES:
            if code in offered:
                self.fields[f"word_{code}"] = forms.CharField(
                    label=_("Name in %(language)s") % {"language": language},
                    max_length=80,
                    required=False,
                    help_text=_("Empty means the name above."),
                )
        if kind == Kind.TERRITORIES:
            self.fields["countries"] = CountriesField(
                label=_("Countries"),
                help_text=_("Names or two-letter codes between commas, for example: Germany, AT."),
            )

    @staticmethod
    def initial_of(entry: Any) -> dict[str, Any]:
        """Return what the form shows of a stored entry."""
        words = {f"word_{code}": word for code, word in entry.words.items()}
        return {"name": entry.name, "countries": getattr(entry, "countries", []), **words}

    @property
    def words(self) -> dict[str, str]:
        """The cleaned words per language."""
        return {
            name.removeprefix("word_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("word_")
        }

    @property
    def country_codes(self) -> list[str]:
        """The cleaned countries; none for other kinds."""
        return list(self.cleaned_data.get("countries", []))
