"""A column of type int4multirange: which product lines, or which places, a protection covers."""

from typing import TYPE_CHECKING, Any

from django.db import models
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import Range

UNBOUNDED = Int4Multirange([Range(None, None)])


def ids(values: frozenset[int]) -> Int4Multirange:
    """Return ids as a multirange; no ids at all means every one."""
    if not values:
        return UNBOUNDED
    return Int4Multirange([Range(value, value + 1) for value in sorted(values)])


def as_ids(value: Int4Multirange) -> frozenset[int]:
    """Return the ids of a bounded multirange; the empty set for the unbounded one."""
    found: set[int] = set()
    for span in value:
        if span.lower is None or span.upper is None:
            return frozenset()
        found.update(range(span.lower, span.upper))
    return frozenset(found)


if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class Int4MultirangeField(_Field):
    """Stores psycopg's Int4Multirange."""

    description = "A set of whole-number ranges"

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's own type, since version 14."""
        return "int4multirange"
