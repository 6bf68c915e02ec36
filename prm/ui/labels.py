"""Labels of a model field's choices, in the reader's language, looked up once per process.

Django's `get_state_display()` translates every choice of the field at every call; in a list of 80
rows that is most of the page.
"""

from functools import lru_cache
from typing import Any

from django.db.models import Field, Model
from django.utils import translation


def label_of(row: Model, field: str) -> str:
    """Return the label of a row's choice; a value without a label stands for itself."""
    value = getattr(row, field)
    language = translation.get_language() or "en"
    return _labels(type(row), field, language).get(value, "" if value is None else str(value))


@lru_cache(maxsize=256)
def _labels(model: type[Model], name: str, language: str) -> dict[Any, str]:
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    with translation.override(language):
        return {value: str(label) for value, label in field.flatchoices}
