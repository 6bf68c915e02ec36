"""The browser of the design system's tests, and pages without a server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.routed import chromium, serve


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch the machine's Chromium."""
    return chromium()


@pytest.fixture
def window(browser: Any, browse: Any) -> Iterator[Callable[..., Any]]:
    """`window(mia, width=320, dark=True, script=False)` is a page signed in as Mia."""
    contexts = []

    def make(
        user: Any = None, *, width: int = 1280, dark: bool = False, script: bool = True
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        serve(context, browse(user))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
