"""Checking a customer and tuning name matching in real Chromium: with JavaScript, and on a phone without."""

import pytest

from tests.browser import matching

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_a_customer_is_checked_and_matching_tuned(portal, window, script):
    more = {} if script else {"width": 320, "dark": True}
    name = "Fennimore Castings" if script else "Ravensdale Ironworks"
    matching.known_customer(name)
    matching.check(portal, window(script=script, **more), name, script)
    matching.tune(portal, window(script=script, **more))
