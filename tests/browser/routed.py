"""Pages of the test's own transaction in a real browser, without a server.

    serve(context, browse(mia))
    page.goto("http://acme.localhost/styleguide/")

Each request of the browser is answered by Django's test client, so what a test has made is seen and
gone afterwards. The client keeps the cookies. A redirect becomes a page that leads on, because the
browser would follow it past us. Static files come from the source folder.
"""

import os
import shutil
from contextvars import copy_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.utils.html import escape

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
KEPT = ("hx-request", "hx-target", "hx-current-url", "hx-history-restore-request", "x-autosave")
REDIRECTS = (301, 302, 303, 307, 308)
LEADING_ON = "leads-on"
DROPPED = ("content-length", "set-cookie")


def chromium() -> dict[str, Any]:
    """Return how to launch the browser: the one of CHROMIUM, or the machine's own."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": program, "args": ["--no-sandbox"] if root else []}


def serve(context: Any, client: Any) -> None:
    """Answer every request of a browser context from a test client."""
    ours = (
        copy_context()
    )  # Playwright calls back in a context where Django would open a new connection
    context.route("**/*", lambda route: ours.copy().run(_answer, route, client))


def arrive(page: Any) -> None:
    """Wait until no redirect leads on from the page."""
    page.wait_for_function(f"!document.getElementById('{LEADING_ON}')")


def _answer(route: Any, client: Any) -> None:
    request = route.request
    parts = urlsplit(request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        if not found:
            route.fulfill(status=404)
            return
        file = Path(str(found))
        route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "text/plain"))
        return
    headers = {name: value for name, value in request.headers.items() if name in KEPT}
    response = client.generic(
        request.method, f"{parts.path}?{parts.query}", request.post_data_buffer or b"",
        content_type=request.headers.get("content-type", "text/html"), headers=headers,
    )  # fmt: skip
    if response.status_code in REDIRECTS and request.is_navigation_request():
        leading_on = f'<meta id="{LEADING_ON}" http-equiv="refresh" content="0;url={escape(response["Location"])}">'
        route.fulfill(body=leading_on, content_type="text/html")
        return
    body = response.getvalue() if hasattr(response, "getvalue") else response.content
    sent = {name: value for name, value in response.items() if name.lower() not in DROPPED}
    route.fulfill(status=response.status_code, headers=sent, body=body)
