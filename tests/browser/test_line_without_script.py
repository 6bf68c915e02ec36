"""The line in real Chromium, without JavaScript; a module of its own, so that both walks run side by side."""

import pytest

from tests.browser.line import walk

pytestmark = pytest.mark.browser


def test_the_line_without_script(portal, window):
    walk(portal, window, script=False)
