"""CSV that a spreadsheet opens without running anything: streamed, UTF-8 with a mark, guarded cells.

    return csv.response("deals-2026-11-21", ["Reference", "Customer"], rows)

Text that a spreadsheet would take for a formula gets an apostrophe in front. Numbers stay numbers.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from django.db import connection
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.text import slugify

from prm import clock

BOM = "\ufeff"
ROWS_A_CHUNK = 200
# The four signs, their full-width twins, and the controls that hide one of them.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def guard(value: object) -> str:
    """Return the text of one cell, harmless in a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    text = str(value)
    if text.startswith(_RISKY):
        text = f"'{text}"
    return text.replace("\0", "")


def lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the file in chunks of some hundred rows."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([guard(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([guard(cell) for cell in row])
        if number % ROWS_A_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Return the file as a download, written while the database still reads.

    The body is produced after the middleware has left, so tenant, language and zone are taken along.
    """
    answer = StreamingHttpResponse(
        _carried(lines(header, rows)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "list"}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _carried(chunks: Iterator[str]) -> Iterator[str]:
    """Produce each chunk under the tenant, language and zone of the request that asked for it."""
    database: Any = connection
    tenant = getattr(database, "tenant", None)
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def produce() -> Iterator[str]:
        with ExitStack() as stack:
            if tenant is not None:
                stack.callback(database.set_tenant, database.tenant)
                database.set_tenant(tenant)
            stack.enter_context(translation.override(language))
            stack.enter_context(timezone.override(zone))
            stack.enter_context(clock.scope())
            yield from chunks

    return produce()
