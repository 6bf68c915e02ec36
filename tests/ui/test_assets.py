"""Stored third-party files, built sheets, weight."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


@pytest.fixture
def script(monkeypatch):
    spec = importlib.util.spec_from_file_location("prm_vendor", ROOT / "scripts" / "vendor.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "prm_vendor", module)
    spec.loader.exec_module(module)
    return module


def test_stored_and_built_files_are_what_they_should_be(script):
    assert script.drift() == []


def test_every_stored_file_is_in_the_manifest():
    known = {entry["path"] for entry in json.loads((STATIC / "vendor/MANIFEST.json").read_text())}
    files = {
        str(file.relative_to(ROOT))
        for folder in (STATIC / "vendor", ROOT / "tests" / "vendor")
        for file in folder.rglob("*")
        if file.is_file() and file.name != "MANIFEST.json"
    }
    assert files | {"static/icons.svg"} == known


def test_manifest_names_version_and_licence():
    for entry in json.loads((STATIC / "vendor/MANIFEST.json").read_text()):
        assert entry["version"]
        assert entry["licence"] in {"MIT", "0BSD", "MPL-2.0"}


def test_trim_drops_only_what_needs_a_script(script):
    css = (
        ".modal{a:b}.btn{a:b}.modal,.btn{a:b}@media print{.carousel-item{a:b}}@media print{p{a:b}}"
    )
    assert script.trim(css) == ".btn{a:b}.modal,.btn{a:b}@media print{p{a:b}}"


def weight(*names: str) -> int:
    return sum(len(brotli.compress((STATIC / name).read_bytes(), quality=11)) for name in names)


def test_scripts_weigh_little():
    assert weight("js/app.js", "js/theme.js", "vendor/htmx/htmx.min.js") <= 25 * 1024
    assert weight("js/app.js") <= 10 * 1024
    assert (STATIC / "js/theme.js").stat().st_size <= 200


@pytest.mark.parametrize("sheet", ["app.css", "app.rtl.css"])
def test_sheets_weigh_little(sheet):
    assert weight(sheet) <= 30 * 1024


def test_scripts_evaluate_no_strings():
    script = (STATIC / "js/app.js").read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b|document\.write", script)


def test_sheets_load_nothing_from_elsewhere():
    for sheet in (STATIC / "app.css", STATIC / "app.rtl.css"):
        urls = re.findall(r"url\(([^)]{0,40})", sheet.read_text())
        assert [url for url in urls if not url.strip("\"'").startswith("data:")] == []
        assert "@import" not in sheet.read_text()


def test_icons_are_one_file_of_symbols():
    sprite = (STATIC / "icons.svg").read_text()
    assert 30 <= sprite.count("<symbol ") <= 70
    assert "<script" not in sprite
    assert "style=" not in sprite
