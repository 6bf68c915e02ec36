"""Template tags of the frame; built in, so no template has to load them.

{% icon "clock" %} {% status "Submitted" "info" %} {% moment deal.submitted_at "both" %}
{% sla due=lead.due_at started=lead.offered_at %} {% money deal.value deal.currency %}
{% bar_chart rows as chart %} {% line_chart points as chart %} {% spark_path values %}
{% form_problems_once form formset as problems %}
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from prm import countries
from prm.ui import charts, dates, html

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Write an icon; with a label it speaks, without it is decoration."""
    return html.icon(name, str(label), css)


@register.simple_tag
def status(label: Any, tone: str = "neutral", picture: str = "") -> SafeString:
    """Write a status."""
    return html.status(label, tone or "neutral", picture)


@register.simple_tag
def moment(value: date | datetime | None, style: str = "datetime") -> SafeString:
    """Write a point in time in the reader's zone."""
    return html.moment(value or None, style or "datetime")


@register.simple_tag
def sla(
    due: datetime | None, state: Any = None, started: datetime | None = None,
    resumes: datetime | None = None, absolute: Any = True,
) -> SafeString:  # fmt: skip
    """Write a deadline's chip."""
    return html.sla(
        due or None, state or None, started=started or None, resumes=resumes or None,
        absolute=absolute not in (False, "false", "no"),
    )  # fmt: skip


@register.simple_tag
def money(amount: Decimal | int | None, currency: str, whole: Any = False) -> str:
    """Write an amount in the reader's language."""
    return html.money(amount if amount != "" else None, currency, bool(whole))


@register.simple_tag
def bar_chart(rows: Sequence[charts.Datum]) -> tuple[charts.Bar, ...]:
    """Return the bars of a chart."""
    return charts.bars(rows or ())


@register.simple_tag
def line_chart(points: Sequence[charts.Datum]) -> charts.Line:
    """Return the geometry of a line chart."""
    return charts.line(points or ())


@register.simple_tag
def spark_path(values: Sequence[float]) -> str:
    """Return the path of a spark line."""
    return charts.spark(values or ())


@register.filter
def as_day(value: date | None) -> str:
    """Return a day as plain text, for mails and sentences."""
    return dates.format_date(value) if value else ""


@register.filter
def as_moment(value: datetime | None) -> str:
    """Return a day and a time in the reader's zone as plain text, for mails and sentences."""
    return dates.format_moment(value) if value else ""


@register.filter
def country_name(code: str) -> str:
    """Return what a country is called in the reader's language; nothing for no code."""
    return countries.name_of(code) if code else ""


@register.filter
def initials(name: str) -> str:
    """Return up to two letters that stand for a name."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def unlocalized(value: float) -> str:
    """Write a number for an SVG attribute, whatever the language's decimal mark."""
    return f"{value:g}"


@register.filter
def nth(items: Sequence[Any], at: int) -> Any:
    """Return one item of a sequence, or nothing past its end."""
    return items[at] if at < len(items) else ""


@register.filter
def as_span(value: Any) -> str:
    """Return a length of time in words."""
    return dates.span(value)


@register.simple_tag
def form_problems(*forms: Any) -> list[tuple[str, str]]:
    """Return (link, message) of every error of forms and formsets, in page order."""
    return [problem for form in forms if form for problem in _problems(form)]


@register.simple_tag
def form_problems_once(*forms: Any) -> list[tuple[str, str]]:
    """Return the problems of forms that no summary has shown yet, and remember that one has now."""
    fresh = [form for form in forms if form and not getattr(form, "summary_shown", False)]
    for form in fresh:
        if not isinstance(form, str):
            form.summary_shown = True
    return form_problems(*fresh)


@register.simple_tag
def tidy_field(bound: Any) -> str:
    """Drop what only repeats the label, and the browser's own checks (the server's words are better)."""
    attrs = bound.field.widget.attrs
    label, hint = str(bound.label).casefold(), str(attrs.get("placeholder", "")).casefold()
    if label in hint or hint in label:
        attrs.pop("placeholder", None)
    bound.form.use_required_attribute = False
    return ""


def _problems(form: Any) -> Iterable[tuple[str, str]]:
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            yield from (("", str(message)) for message in form.non_form_errors())
            for each in form.forms:
                yield from _problems(each)
        return
    if not isinstance(form, BaseForm) or not form.is_bound:
        return
    yield from (("", str(message)) for message in form.non_field_errors())
    for bound in form:
        for error in bound.errors.as_data():
            yield from (
                (_anchor(bound), _named(bound, error, message)) for message in error.messages
            )


def _named(bound: Any, error: Any, message: str) -> str:
    """Put the label before the stock messages of Django's fields, which do not say what they are about."""
    return f"{bound.label}: {message}" if error.code and bound.label else message


def _anchor(bound: Any) -> str:
    """Return the link to the first input of a field: groups number theirs."""
    if bound.is_hidden:
        return ""
    widget = bound.field.widget
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple | MultiWidget)
    identifier = widget.attrs.get("id") or bound.auto_id
    return f"#{identifier}_0" if grouped else f"#{identifier}"


@register.simple_tag
def script_words() -> str:
    """Return what the script says, translated, for a <meta> that it reads."""
    return json.dumps(
        {
            "left": _("%(span)s left") % {"span": "{}"},
            "late": _("%(span)s late") % {"span": "{}"},
            "now": _("just now"),
            "copied": _("Copied"),
            "unsaved": _("Not saved. Check your connection."),
            "away": _("Not saved: you are signed out. Continue, sign in, and nothing is lost."),
            "chosen": _("%(count)s selected") % {"count": "{}"},
            "failed": _("That did not work. Please try again."),
        },
        ensure_ascii=False,
    )
