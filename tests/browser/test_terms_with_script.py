"""Terms in real Chromium, with JavaScript; a module of its own, so that both walks run side by side."""

import pytest

from tests.browser.terms import walk

pytestmark = pytest.mark.browser


def test_terms_with_script(portal, window):
    walk(portal, window, script=True)
