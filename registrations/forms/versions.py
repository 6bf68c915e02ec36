"""What several forms of both sides share."""

from typing import Any

from django import forms


class VersionForm(forms.Form):
    """Any form that acts on what the person saw: the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields ids of their own: several of these forms stand on one page."""
        kwargs.setdefault("auto_id", type(self).__name__.removesuffix("Form").lower() + "-%s")
        super().__init__(*args, **kwargs)

    def read_again(self, version: int) -> None:
        """The page shows the truth now: what was typed may be sent once more, about that."""
        self.data = {**dict(self.data.items()), "version": str(version)}
