"""Cleaning of the forms about agreements: titles, drafts, publishing, accepting."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.forms import CountriesField
from catalog.models import Territory
from partners.enums import Gate, RequiredOf
from partners.models import Agreement, AgreementVersion
from partners.services import Draft
from prm import clock, portal

TEXT = "text_"
WORD = "word_"


def _languages() -> list[tuple[str, str]]:
    """Return code and name of the portal's languages, its own first."""
    own, offered = portal.current().language, portal.current().languages
    known = [(code, str(name)) for code, name in settings.LANGUAGES if code in offered]
    return sorted(known, key=lambda language: language[0] != own)


class AgreementForm(forms.Form):
    """The title, and what it is in the portal's other languages."""

    title = forms.CharField(label=_("Title"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in _languages():
            self.fields[f"{WORD}{code}"] = forms.CharField(
                label=_("Title in %(language)s") % {"language": language},
                max_length=120,
                required=False,
                help_text=_("Empty means the title above."),
            )

    @staticmethod
    def initial_of(agreement: Agreement) -> dict[str, Any]:
        """Return what the form shows of a stored agreement."""
        words = {f"{WORD}{code}": word for code, word in agreement.words.items()}
        return {"title": agreement.title, **words}

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned title and its words per language."""
        words = {
            name.removeprefix(WORD): value
            for name, value in self.cleaned_data.items()
            if name.startswith(WORD)
        }
        return {"title": self.cleaned_data["title"], "words": words}


class DraftForm(forms.Form):
    """The text per language, what stays closed without it, and of whom it is required."""

    gates = forms.MultipleChoiceField(
        label=_("What stays closed until it is accepted"),
        choices=Gate.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: partners are asked, and nothing is closed."),
    )
    required_of = forms.ChoiceField(
        label=_("Who has to accept it"),
        choices=RequiredOf.choices,
        initial=RequiredOf.ALL.value,
        widget=forms.RadioSelect,
    )
    territories = forms.ModelMultipleChoiceField(
        label=_("Territories"),
        queryset=Territory.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For partners in certain territories."),
    )
    countries = CountriesField(
        label=_("Countries"),
        required=False,
        help_text=_(
            "For partners from certain countries: names or two-letter codes between commas."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["territories"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Territory.objects.filter(retired_at=None)
        self.text_names = []
        for number, (code, language) in enumerate(_languages()):
            name = f"{TEXT}{code}"
            self.text_names.append(name)
            self.fields[name] = forms.CharField(
                label=_("Text in %(language)s") % {"language": language},
                required=number == 0,
                max_length=200_000,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 18, "lang": code}),
                help_text=_(
                    "Markdown: # heading, **bold**, - list. An empty line starts a paragraph."
                )
                if number == 0
                else _("Empty: partners read the portal's own language."),
                error_messages={"required": _("Write the text of the agreement.")},
            )
        self.order_fields(self.text_names)

    def clean(self) -> dict[str, Any]:
        """A choice of certain partners says which."""
        cleaned = super().clean() or {}
        required = cleaned.get("required_of")
        if required == RequiredOf.TERRITORIES and not cleaned.get("territories"):
            self.add_error("territories", _("Choose at least one territory."))
        if (
            required == RequiredOf.COUNTRIES
            and "countries" not in self.errors
            and not cleaned.get("countries")
        ):
            self.add_error("countries", _("Name at least one country."))
        own = self.text_names[0]
        if own not in self.errors and not str(cleaned.get(own, "")).strip():
            self.add_error(own, _("Write the text of the agreement."))
        return cleaned

    @staticmethod
    def initial_of(version: AgreementVersion) -> dict[str, Any]:
        """Return what the form shows of a draft, or of the version that it starts from."""
        return {
            "gates": version.gates,
            "required_of": version.required_of,
            "territories": version.territories,
            "countries": version.countries,
            **{f"{TEXT}{code}": text for code, text in version.texts.items()},
        }

    @property
    def draft(self) -> Draft:
        """The cleaned draft."""
        values = self.cleaned_data
        return Draft(
            texts={name.removeprefix(TEXT): values[name] or "" for name in self.text_names},
            gates=tuple(Gate(gate) for gate in values["gates"]),
            required_of=RequiredOf(values["required_of"]),
            territories=tuple(place.code for place in values["territories"]),
            countries=tuple(values["countries"] or ()),
        )


class PublishForm(forms.Form):
    """From when a version counts."""

    effective_on = forms.DateField(
        label=_("Takes effect on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: at once. Partners are told now, and again a week ahead."),
    )

    def clean_effective_on(self) -> Any:
        """A day that lies ahead, or none."""
        day = self.cleaned_data["effective_on"]
        if day is not None and day <= clock.today(portal.zone()):
            raise forms.ValidationError(_("Choose a day after today, or leave it empty."))
        return day

    @property
    def effective_at(self) -> datetime | None:
        """Local midnight of the portal at which that day begins; None for at once."""
        day = self.cleaned_data["effective_on"]
        return datetime.combine(day, time(0), portal.zone()) if day else None


class AcceptForm(forms.Form):
    """A full name and a tick under an exact text."""

    typed_name = forms.CharField(
        label=_("Your full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Typed by yourself: it stands for your signature."),
    )
    may_sign = forms.BooleanField(
        error_messages={"required": _("Tick this to accept; only who may sign can do so.")}
    )
    language = forms.CharField(max_length=5, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, partner: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["may_sign"].label = _("I may sign for %(partner)s") % {"partner": partner}

    def clean_typed_name(self) -> str:
        """A first and a last name."""
        name = " ".join(str(self.cleaned_data["typed_name"]).split())
        if len(name) < 3 or " " not in name:
            raise forms.ValidationError(_("Type your full name: first and last."))
        return name
