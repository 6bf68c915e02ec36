"""The portal's side of a PDF: render the template, start the worker, watch its time, read its answer."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import structlog
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from prm import clock, portal
from prm.documents import worker

log = structlog.get_logger(__name__)

# Where a platform's loader finds Pango when it is not in the usual place.
_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class DocumentFailed(Exception):
    """No PDF was made; the message is a sentence for whoever asked for it."""


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    language: str,
    at: datetime | None = None,
) -> bytes:
    """Return the PDF of a template that extends `documents/base.html`.

    `language` is the document's own, whoever asks for it; `at` is the instant printed on it (now when
    None), in the active zone. The same words at the same instant give the same bytes. Takes 0.5 s and
    more, in another process. Raises DocumentFailed with a sentence.
    """
    return to_pdf(render_html(template, context, title=title, language=language, at=at))


def render_html(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    language: str,
    at: datetime | None = None,
) -> str:
    """Return the HTML that `render` makes a PDF of."""
    made_at = timezone.localtime(at or clock.now())
    with translation.override(language):
        frame = {
            "title": title,
            "language": language,
            "portal": portal.current(),
            "made_at": made_at,
            "zone": made_at.tzname(),
        }
        return render_to_string(template, {**context, **frame})


def to_pdf(html: str) -> bytes:
    """Return the PDF of some HTML. Raises DocumentFailed with a sentence."""
    content = html.encode()
    if len(content) > worker.LARGEST_INPUT:
        raise DocumentFailed(_too_large())
    with tempfile.TemporaryDirectory(prefix="prm-document-") as scratch:
        code, pdf, said = _run(content, Path(scratch))
    if code == 0 and pdf.startswith(b"%PDF-"):
        return pdf
    log.error("document_failed", code=code, said=said)
    raise DocumentFailed(_sentence(code))


def _run(content: bytes, scratch: Path) -> tuple[int, bytes, str]:
    """Return the worker's exit code, what it made and its last words; it is killed when its time is up."""
    fonts = scratch / "fonts.conf"
    folder, cache = worker.FOLDER / "fonts", scratch / "cache"
    fonts.write_text(_FONTCONFIG.format(fonts=escape(str(folder)), cache=escape(str(cache))))
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what it reads is HTML
            [sys.executable, "-I", "-B", worker.__file__],
            input=content,
            capture_output=True,
            timeout=worker.WALL_SECONDS,
            cwd=scratch,
            env=_environment(scratch, fonts),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return worker.OUT_OF_TIME, b"", "killed: its time was up"
    return done.returncode, done.stdout, done.stderr[-500:].decode(errors="replace").strip()


def _environment(scratch: Path, fonts: Path) -> dict[str, str]:
    """The worker gets nothing of ours: no database, no secret."""
    found = {name: os.environ[name] for name in _LOADER if name in os.environ}
    place = str(scratch)
    return {
        **found,
        "LC_ALL": "C.UTF-8",
        "FONTCONFIG_FILE": str(fonts),
        "HOME": place,
        "TMPDIR": place,
        "XDG_CACHE_HOME": place,
    }


def _sentence(code: int) -> str:
    if code == worker.MISSING_LIBRARY:
        return _(
            "This installation cannot make PDFs: the library Pango is missing. Tell the operator."
        )
    if code in {worker.OUT_OF_TIME, worker.OUT_OF_MEMORY, worker.OUTPUT_TOO_LARGE} or code < 0:
        return _too_large()
    return _("The PDF could not be made. Try again; if it fails again, tell the operator.")


def _too_large() -> str:
    return _("This document is too large for a PDF. Choose less of it.")
