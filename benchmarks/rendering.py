"""The list kit against what one would write first: a ListView and a template that includes every cell."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views.generic import ListView

from benchmarks import database, generator
from benchmarks.figures import Figure, machine, median
from prm.tenancy import context
from prm.ui import lists
from registrations.models import Registration
from registrations.views.common import status_of
from registrations.views.partner import COLUMNS
from users.models import User

ROWS, ROUNDS, EACH = 80, 7, 5

_CELLS = (
    "{% load i18n %}<td><a href=\"{% url 'registrations:detail' row.reference %}\">{{ row.company_name }}</a>"
    "<small>{{ row.reference }}</small></td>",
    "<td>{% status label tone picture %}</td>",
    '<td class="end">{% money row.value row.currency True %}</td>',
    "<td>{{ row.get_stage_display }}</td>",
    '<td>{% moment row.expected_close "date" %}</td>',
    "<td>{{ row.owner.name }}</td>",
    '<td>{% moment row.updated_at "date" %}</td>',
)
_TABLE = (
    "<table>{% for row, label, tone, picture in rows %}<tr>{% for cell in cells %}{% include cell %}"
    "{% endfor %}</tr>{% endfor %}</table>"
)


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Render the same 80 rows both ways, in turn, and compare the CPU they take; queries included."""
    with database.copy_of(size, say), context.entered(database.TENANT):
        user = User.objects.get(email=generator.SELLER)
        request = RequestFactory().get("/deals/", {"size": ROWS})
        request.user = user
        request.session = SessionBase()
        stock = _stock(request)
        kit_times, stock_times = [], []
        for _ in range(ROUNDS):
            kit_times.append(_spent(lambda: _kit(request)))
            stock_times.append(_spent(stock))
    ours, theirs = median(kit_times), median(stock_times)
    about = {"rows": ROWS, "columns": len(COLUMNS), "rounds": ROUNDS, **machine()}
    about["against"] = "ListView, one {% include %} per cell, the same tags"
    yield Figure("rendering.list_kit", ours * 1_000, "ms of CPU a table", conditions=about)
    yield Figure("rendering.stock_list_view", theirs * 1_000, "ms of CPU a table", conditions=about)
    yield Figure("rendering.list_kit_to_stock", ours / theirs, "ratio", 1, conditions=about)


def _rows(user: User) -> Any:
    return (
        Registration.objects.visible_to(user).select_related("owner").order_by("-updated_at", "-pk")
    )


def _kit(request: HttpRequest) -> str:
    page = lists.build(
        request, queryset=_rows(request.user), columns=COLUMNS, title="Deals",  # type: ignore[arg-type]
        default_sort="-updated", row_url=lists.row_link("registrations:detail", "reference"),
    )  # fmt: skip
    return render_to_string("ui/_table.html", {"list": page}, request)


def _stock(request: HttpRequest) -> Callable[[], str]:
    cells, table = [Template(cell) for cell in _CELLS], Template(_TABLE)

    class Deals(ListView):  # type: ignore[type-arg]
        model = Registration
        paginate_by = ROWS

        def get_queryset(self) -> Any:
            return _rows(self.request.user)  # type: ignore[arg-type]

    view = Deals()
    view.setup(request)

    def render() -> str:
        view.object_list = view.get_queryset()
        names = view.get_context_data()
        rows = [(row, *status_of(row)) for row in names["object_list"]]
        return table.render(Context({"rows": rows, "cells": cells}))

    return render


def _spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds of this process for one turn, after one to warm up."""
    work()
    started = time.process_time()
    for _ in range(EACH):
        work()
    return (time.process_time() - started) / EACH
