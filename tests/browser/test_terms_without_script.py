"""Terms in real Chromium without JavaScript, in the dark and on a phone.

A module of its own, so that both walks run side by side.
"""

from functools import partial

import pytest

from tests.browser.terms import walk

pytestmark = pytest.mark.browser


def test_terms_without_script(portal, window):
    walk(portal, partial(window, width=320, dark=True), script=False)
