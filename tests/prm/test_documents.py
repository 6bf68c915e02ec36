"""PDFs: what they hold, that the same words give the same bytes, that hostile ones reach nothing."""

import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import engines
from django.utils import timezone

from prm import documents
from prm.documents import rendering, worker

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
SIMPLE = "<!doctype html><html lang=en><title>A</title><body><p>Harbor &amp; Sons</p></body></html>"


@pytest.fixture
def template(monkeypatch):
    """`template(body)` is a template that extends the base, by name."""

    def make(body: str) -> str:
        text = '{% extends "documents/base.html" %}{% block content %}' + body + "{% endblock %}"
        compiled = engines["django"].from_string(text)
        monkeypatch.setattr(
            rendering, "render_to_string", lambda name, context: compiled.render(context)
        )
        return "documents/any.html"

    return make


def unpacked(pdf: bytes) -> bytes:
    """The file's streams, each as it was before it was compressed."""
    found = re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompressobj().decompress(stream) for stream in found)


@pytest.mark.django_db
def test_a_document_has_a_title_a_date_with_zone_and_page_numbers(template):
    with timezone.override("Europe/Berlin"):
        html = documents.render_html(
            template("<p>{{ words }}</p>"),
            {"words": "<b>Harbor"},
            title="Receipt",
            language="de",
            at=AT,
        )
    assert '<html lang="de">' in html
    assert "<h1>Receipt</h1>" in html
    assert "&lt;b&gt;Harbor" in html
    assert "25. Nov. 2026, 10:30 CET" in html
    assert "Acme Software" in html
    assert 'class="page"' in html
    assert 'class="pages"' in html


@pytest.mark.django_db
def test_the_same_words_at_the_same_instant_give_the_same_bytes(template):
    name = template("<p>{{ words }}</p>")
    one, two = (
        documents.render(name, {"words": "Żółw, ΑΒΓ, Привет"}, title="T", language="en", at=AT)
        for _ in range(2)
    )
    assert one.startswith(b"%PDF-")
    assert one == two


def test_the_font_that_ships_is_the_only_one():
    strange = SIMPLE.replace("<p>", "<p style='font-family: Courier, serif'>")
    names = re.findall(rb"/FontName ?/[A-Z]+[+]([A-Za-z-]+)", unpacked(rendering.to_pdf(strange)))
    assert names
    assert [name for name in names if not name.startswith(b"DejaVu-Sans")] == []


HOSTILE = {
    "image from a file": '<img src="file:///etc/passwd">',
    "image from the network": '<img src="http://127.0.0.1:9/a.png">',
    "image in the address": '<img src="data:image/png;base64,iVBORw0KGgo=">',
    "relative": '<img src="../../../../etc/passwd"><img src="/etc/passwd"><img src="//127.0.0.1/a">',
    "style from the network": '<link rel=stylesheet href="https://127.0.0.1:9/a.css">',
    "import": "<style>@import url(file:///etc/passwd); @import 'http://127.0.0.1:9/x.css';</style>",
    "background": '<p style="background: url(http://127.0.0.1:9/a.png)">x',
    "list and content": "<style>li{list-style-image:url(ftp://127.0.0.1/a)} p::before{content:url(file:///etc/hostname)}</style><p>x<ul><li>y</ul>",
    "font": "<style>@font-face{font-family:X;src:url(file:///etc/passwd)} @font-face{font-family:Y;src:local('Arial'),url(http://127.0.0.1:9/f.woff2)} p{font-family:X,Y}</style><p>x",
    "attachment": '<link rel=attachment href="file:///etc/passwd"><a rel=attachment href="file:///etc/shadow">x</a>',
    "object": '<object data="file:///etc/passwd"></object><embed src="http://127.0.0.1:9/"><iframe src="file:///etc/passwd"></iframe>',
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="file:///etc/passwd" width="9" height="9"/><use href="http://127.0.0.1:9/a.svg#b"/></svg>',
    "svg style": '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "file:///etc/passwd";</style><rect fill="url(http://127.0.0.1:9/a#b)" width="9" height="9"/></svg>',
    "base": '<base href="file:///etc/"><img src="passwd">',
    "asset that is no asset": '<img src="asset:../worker.py"><link rel=stylesheet href="asset:fonts/LICENSE">',
    "presentational hints": '<body background="file:///etc/passwd"><table background="http://127.0.0.1:9/">',
    "script and xml": '<script src="http://127.0.0.1:9/a.js"></script><?xml-stylesheet href="file:///etc/passwd"?>',
}

# Runs the worker with every open and every socket written down.
_WATCHED = """
import runpy, sys
seen = open(sys.argv[2], "w", buffering=1)
def hook(event, args):
    if event == "sys.addaudithook":
        seen.write("the document begins\\n")
    elif event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "urllib.Request")):
        seen.write(f"{event} {args!r}\\n")
    elif event == "open" and isinstance(args[0], (str, bytes)):
        seen.write(f"open {args[0]}\\n")
sys.addaudithook(hook)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def watched(html: str, folder: Path) -> tuple[bytes, list[str]]:
    """Make a PDF; return it with everything that the process opened or called once it had its libraries."""
    seen = folder / "seen"
    fonts = folder / "fonts.conf"
    fonts.write_text(rendering._FONTCONFIG.format(fonts=worker.FOLDER / "fonts", cache=folder))
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", _WATCHED, worker.__file__, str(seen)],
        input=html.encode(), capture_output=True, cwd=folder, timeout=60, check=True,
        env=rendering._environment(folder, fonts),
    )  # fmt: skip
    lines = seen.read_text().splitlines()
    return done.stdout, lines[lines.index("the document begins") + 1 :]


def test_hostile_documents_open_no_socket_and_no_file_outside_the_assets(tmp_path):
    """All of them in one document, and it still becomes a PDF."""
    html = "<!doctype html><html><body>" + "\n".join(HOSTILE.values()) + "</body></html>"
    pdf, seen = watched(html, tmp_path)
    assert pdf.startswith(b"%PDF-")
    assert [line for line in seen if not line.startswith("open ")] == []
    opened = {line.removeprefix("open ") for line in seen}
    allowed = (sys.prefix, sys.base_prefix, str(tmp_path), str(worker.FOLDER), str(worker.__file__))
    assert [path for path in opened if not path.startswith(allowed)] == []
    assert not any("passwd" in path or "shadow" in path or "hostname" in path for path in opened)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_the_fetcher_refuses_each(name, monkeypatch):
    import weasyprint

    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda *args, **kwargs: pytest.fail("fetched")
    )
    weasyprint.HTML(
        string=HOSTILE[name], base_url=worker.BASE_URL, url_fetcher=worker.fetcher()
    ).render()


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "asset:fonts.conf", "ASSET:print.css",
     "asset:print.css?x", "asset:/print.css", "ftp://h/x", "", "//h/x"],
)  # fmt: skip
def test_the_fetcher_knows_the_assets_only(address):
    with pytest.raises(worker.Refused):
        worker.fetcher().fetch(address)
    assert worker.fetcher().fetch("asset:print.css").read().startswith(b"/*")


def test_the_guard_refuses_what_no_document_needs(tmp_path):
    hook = worker.guard(tmp_path)
    for event, arguments in [
        ("socket.connect", ()),
        ("socket.getaddrinfo", ()),
        ("subprocess.Popen", ()),
        ("os.system", ()),
        ("open", ("/etc/passwd", "r", 0)),
        ("open", (str(tmp_path / "../elsewhere"), "w", 1)),
        ("open", (str(worker.FOLDER / "print.css"), "a", 1)),
    ]:
        with pytest.raises(worker.Refused):
            hook(event, arguments)
    hook("open", (str(tmp_path / "cache"), "w", 1))
    hook("open", (str(worker.FOLDER / "print.css"), "r", 0))
    hook("compile", ())


def test_a_document_that_is_too_large_is_refused_before_anything_starts(monkeypatch):
    monkeypatch.setattr(rendering.subprocess, "run", lambda *args, **kwargs: pytest.fail("started"))
    with pytest.raises(documents.DocumentFailed, match="too large"):
        rendering.to_pdf("x" * (worker.LARGEST_INPUT + 1))


def test_endless_work_is_killed(monkeypatch):
    monkeypatch.setattr(worker, "WALL_SECONDS", 1)
    rows = "<tr><td>x<td>y</tr>" * 20_000
    with pytest.raises(documents.DocumentFailed, match="too large"):
        rendering.to_pdf(f"<table>{rows}</table>")


# Loads the worker's file, takes its limits, and asks for more.
_GREEDY = """
import runpy, sys
worker = runpy.run_path(sys.argv[1])
worker["limit"]()
worker["main"].__globals__["make"] = lambda html: bytes(worker["MEMORY"])
sys.exit(worker["main"]())
"""


def test_too_much_memory_ends_the_worker_not_the_portal():
    command = [sys.executable, "-I", "-B", "-c", _GREEDY, worker.__file__]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=30)
    assert done.returncode == worker.OUT_OF_MEMORY


def test_a_missing_pango_is_said(tmp_path):
    """Fails as cffi does when the library is not there."""
    code = """
import runpy, sys
worker = runpy.run_path(sys.argv[1])
def make(html):
    raise OSError("cannot load library 'libpango-1.0-0': not found")
worker["main"].__globals__["make"] = make
sys.exit(worker["main"]())
"""
    command = [sys.executable, "-I", "-B", "-c", code, worker.__file__]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=30)
    assert done.returncode == worker.MISSING_LIBRARY


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (worker.MISSING_LIBRARY, "Pango is missing"),
        (worker.OUTPUT_TOO_LARGE, "too large"),
        (worker.OUT_OF_MEMORY, "too large"),
        (-9, "too large"),
        (worker.FAILED, "could not be made"),
        (0, "could not be made"),
    ],
)
def test_every_failure_is_a_sentence(code, words, monkeypatch):
    monkeypatch.setattr(rendering, "_run", lambda content, scratch: (code, b"", "why"))
    with pytest.raises(documents.DocumentFailed, match=words):
        rendering.to_pdf(SIMPLE)


def test_the_worker_gets_nothing_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("PRM_SECRET_KEY", "secret")
    assert "secret" not in str(rendering._environment(tmp_path, tmp_path / "fonts.conf"))
