"""Cleaning of how names are matched."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.matching.tuning import MOST_OFFSET, canonical_word

MOST_WORDS, MOST_LETTERS = 200, 48


class TuningForm(forms.Form):
    """How names are matched in this portal."""

    threshold_offset = forms.IntegerField(
        label=_("Threshold"),
        min_value=-MOST_OFFSET,
        max_value=MOST_OFFSET,
        help_text=_(
            "In points, around the usual one at 0. Lower shows more names and more false alarms;"
            " higher shows fewer and misses more. Ten points are a clear step."
        ),
    )
    stop_words = forms.CharField(
        label=_("Words that say nothing in your trade"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a line, for example “dental” where every customer is a dentist."),
    )
    equivalences = forms.CharField(
        label=_("Words that mean the same"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One group a line, with = between the words: clinic = practice = surgery"),
    )
    note = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=500,
        help_text=_("For whoever reads the history."),
    )

    def clean_stop_words(self) -> list[str]:
        """Return the words; refuse lines that are not one word."""
        return [self._word(line) for line in _lines(self.cleaned_data["stop_words"], MOST_WORDS)]

    def clean_equivalences(self) -> list[list[str]]:
        """Return groups of two words or more."""
        groups = []
        for line in _lines(self.cleaned_data["equivalences"], MOST_WORDS):
            words = [self._word(word) for word in line.split("=") if word.strip()]
            if len(words) < 2:
                raise forms.ValidationError(
                    _("“%(line)s” names one word only. Put = between words that mean the same."),
                    params={"line": line},
                )
            groups.append(words)
        return groups

    def _word(self, typed: str) -> str:
        word = typed.strip()
        if len(word) > MOST_LETTERS or not canonical_word(word):
            raise forms.ValidationError(
                _("“%(word)s” is not one word of a name."), params={"word": word[:MOST_LETTERS]}
            )
        return word


def _lines(text: str, most: int) -> list[str]:
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(lines) > most:
        raise forms.ValidationError(_("At most %(most)d lines."), params={"most": most})
    return lines
