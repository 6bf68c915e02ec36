"""What no template may hold, and what every component must say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
COMPONENTS = TEMPLATES / "components"
# Mails are read where style sheets are not; their styles are written in when they are sent.
PAGES = [
    file
    for file in sorted(TEMPLATES.rglob("*.html"))
    if "notifications" not in file.relative_to(TEMPLATES).parts[:1]
]
BANNED = {
    "inline style": r"\sstyle\s*=|<style\b",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "event attribute": r"\son[a-z]+\s*=",
    "evaluated htmx attribute": r"hx-on|js:|javascript:|hx-vals|hx-trigger=[\"'][^\"']*\[",
    "asterisk for required": r"asteriskField",
    "marked safe": r"autoescape off",
}


@pytest.mark.parametrize("what", BANNED)
def test_no_page_has(what):
    found = {
        str(file.relative_to(TEMPLATES)): match.group()
        for file in PAGES
        if (match := re.search(BANNED[what], _without_comments(file.read_text())))
    }
    assert found == {}


def test_every_post_form_carries_a_token():
    missing = []
    for file in PAGES:
        text = _without_comments(file.read_text())
        for form in re.findall(
            r"<form[^>]*method=[\"']post[\"'].*?</form>", text, flags=re.S | re.I
        ):
            if "csrf_token" not in form:
                missing.append(f"{file.relative_to(TEMPLATES)}: {form[:80]}")
    assert missing == []


def test_every_used_component_exists():
    unknown = set()
    for file in PAGES:
        for name in re.findall(r"<c-([a-z][a-z0-9_.-]*)", _without_comments(file.read_text())):
            path = COMPONENTS / name.replace("-", "_").replace(".", "/")
            known = path.with_suffix(".html").exists() or (path / "index.html").exists()
            if name not in {"vars", "slot"} and not known:
                unknown.add((str(file.relative_to(TEMPLATES)), name))
    assert unknown == set()


@pytest.mark.parametrize("file", sorted(COMPONENTS.rglob("*.html")), ids=lambda f: f.stem)
def test_a_component_says_what_it_takes(file):
    first, _newline, rest = file.read_text().partition("\n")
    name = str(file.relative_to(COMPONENTS).with_suffix("")).replace("/index", "").replace("/", ".")
    assert first.startswith(f"{{# {name.replace('_', '-')}: ")
    assert first.endswith("#}")
    declared = re.search(r"<c-vars ([^>]*)/>", rest)
    for parameter in re.findall(r"([a-z_]+)(?:=|\s|$)", declared.group(1)) if declared else ():
        assert parameter in first, f"{name} does not tell about {parameter}"


def test_every_component_is_in_the_gallery():
    samples = "".join(f.read_text() for f in (TEMPLATES / "styleguide").rglob("*.html"))
    samples += "".join(f.read_text() for f in (TEMPLATES / "ui").glob("*.html"))
    samples += "".join(f.read_text() for f in COMPONENTS.rglob("*.html"))
    missing = [
        name for file in COMPONENTS.rglob("*.html") if f"<c-{(name := _tag(file))}" not in samples
    ]
    assert missing == []


def test_cotton_components_render():
    from django.template.loader import render_to_string

    page = render_to_string("ui/_chart_table.html", {"rows": [("Harbor", 3)], "title": "Deals"})
    assert "Harbor" in page


def _tag(file: Path) -> str:
    name = str(file.relative_to(COMPONENTS).with_suffix("")).replace("/index", "")
    return name.replace("/", ".").replace("_", "-")


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.S)
