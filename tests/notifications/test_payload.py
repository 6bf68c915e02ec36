from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from notifications.payload import NotPlain, freeze, thaw
from prm.money import Money


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        1.5,
        "x",
        date(2026, 11, 21),
        datetime(2026, 11, 21, 10, 2, tzinfo=UTC),
        Decimal("1.20"),
        Money(Decimal("12.50"), "EUR"),
        {"a": [1, {"b": date(2026, 1, 1)}]},
    ],
)
def test_thaw_gives_back_what_was_frozen(value):
    assert thaw(freeze(value)) == value


def test_freeze_spells_lazy_texts_in_the_active_language_and_ids_as_text():
    with translation.override("de"):
        assert freeze(gettext_lazy("Monday")) == "Montag"
    uid = UUID(int=5)
    assert freeze({"links": {"act": uid}}) == {"links": {"act": str(uid)}}


def test_freeze_refuses_what_it_cannot_keep():
    with pytest.raises(NotPlain):
        freeze({"user": object()})
