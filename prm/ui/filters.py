"""The filters of a list, read from a django-filter FilterSet: form fields, active values, queryset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    MultiWidget,
    NumberInput,
    RadioSelect,
    Select,
    SelectMultiple,
    TextInput,
    Widget,
)  # fmt: skip
from django.forms.utils import flatatt
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from prm.ui import dates

BLANK_LABEL = "---------"  # what Django and django-filter show for "no choice"


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One filter that narrows the list: what it is called, what it is set to, what carries it."""

    label: str
    value: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Filters:
    """A list's filters; without a FilterSet there are none."""

    queryset: QuerySet[Any]
    promoted: Sequence[BoundField] = ()
    more: Sequence[BoundField] = ()
    active: Sequence[ActiveFilter] = ()
    parameters: Sequence[str] = ()
    more_active: int = 0

    @classmethod
    def read(
        cls, filterset: Any, data: QueryDict, queryset: QuerySet[Any], request: HttpRequest,
        promoted: Sequence[str],
    ) -> "Filters":  # fmt: skip
        """Return the filters as the URL sets them; a value that does not fit narrows nothing."""
        if filterset is None:
            return cls(queryset)
        bound = filterset(data, queryset=queryset, request=request)
        form = bound.form
        narrowed = bound.qs
        fields = [form[name] for name in form.fields]
        for each in fields:
            _prepare(each.field)
        first = list(promoted) or [each.name for each in fields[:3]]
        active = [f for each in fields if (f := _active(each, form.cleaned_data)) is not None]
        _show_chosen(fields, active)
        return cls(
            queryset=narrowed,
            promoted=[each for each in fields if each.name in first],
            more=[each for each in fields if each.name not in first],
            active=active,
            parameters=[name for each in fields for name in _parameters(each)],
            more_active=sum(
                1 for each in fields if each.name not in first and each.name in _named(active)
            ),
        )


def _named(active: Sequence[ActiveFilter]) -> set[str]:
    return {name for each in active for name in each.parameters}


def _parameters(bound: BoundField) -> tuple[str, ...]:
    """The query parameters that carry a field: several for a range."""
    widget: Any = bound.field.widget
    if not isinstance(widget, MultiWidget):
        return (bound.html_name,)
    suffixes = getattr(widget, "suffixes", None)
    endings = [f"_{s}" for s in suffixes] if suffixes else getattr(widget, "widgets_names", ())
    return (bound.html_name, *(f"{bound.html_name}{ending}" for ending in endings))


def _active(bound: BoundField, cleaned: dict[str, Any]) -> ActiveFilter | None:
    value = cleaned.get(bound.name)
    if value is None or value == "" or (isinstance(value, list | tuple | QuerySet) and not value):
        return None
    return ActiveFilter(str(bound.label), _words(bound, value), _parameters(bound))


def _words(bound: BoundField, value: Any) -> str:
    """Return a filter's value as people read it."""
    if isinstance(value, slice):
        parts = [_plain(value.start), _plain(value.stop)]
        return " – ".join(part or "…" for part in parts)
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(_words(bound, each) for each in value)
    if isinstance(value, Model):
        return str(value)
    labels = {str(key): str(label) for key, label in _choices(bound)}
    return labels.get(str(value), _plain(value))


def _choices(bound: BoundField) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    widget = bound.field.widget
    if not isinstance(widget, Select | RadioSelect | CheckboxSelectMultiple):
        return flat
    for key, label in widget.choices:
        flat += label if isinstance(label, list | tuple) else [(key, label)]
    return flat


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return dates.format_date(value) if isinstance(value, date) else str(value)


class PickMany(CheckboxSelectMultiple):
    """Several of a few, behind one button: `ui/_filter.html` draws it."""


class PickOne(Select):
    """One of many, written in one pass: a template per option costs more than the list below it."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Write the element; groups of options take Django's way."""
        options = list(iter(self.choices))  # without iter, list asks the database for the length
        if any(isinstance(label, list | tuple) for _value, label in options):
            return super().render(name, value, attrs, renderer)
        chosen = set(self.format_value(value))
        written = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, _SELECTED if str(key) in chosen else "", label) for key, label in options),
        )
        every = self.build_attrs(self.attrs, attrs)
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(every), written)


_SELECTED = mark_safe(" selected")


def _prepare(field: Any) -> None:
    """Give a filter's field the look and the words of the kit."""
    if str(getattr(field, "empty_label", "")) == BLANK_LABEL:
        field.empty_label = _("Any")
    if isinstance(field.widget, SelectMultiple):
        choices = field.widget.choices
        field.widget = PickMany()
        field.widget.choices = choices
    if type(field.widget) is Select:
        quick = PickOne(attrs=field.widget.attrs, choices=field.widget.choices)
        quick.is_required = field.widget.is_required
        field.widget = quick
    _dress(field.widget)


def _show_chosen(fields: Sequence[Any], active: Sequence[ActiveFilter]) -> None:
    """Tell each field the words of what is chosen, for the button of a PickMany."""
    words = {name: each.value for each in active for name in each.parameters}
    for bound in fields:
        bound.chosen = words.get(bound.html_name, "")


def _dress(widget: Widget) -> None:
    """Give a filter's widget the look of the kit."""
    if isinstance(widget, MultiWidget):
        for part in widget.widgets:
            _dress(part)
    elif isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        widget.attrs.setdefault("class", "form-check-input")
    elif isinstance(widget, Select):
        widget.attrs.setdefault("class", "form-select")
    elif isinstance(widget, TextInput | NumberInput):
        widget.attrs.setdefault("class", "form-control")
