"""The tokens as written: every text on every ground it may stand on, also under the pointer."""

import re
from pathlib import Path

import pytest

from prm.ui.brand import contrast

SHEET = (Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css").read_text()
GROUNDS = ("canvas", "surface", "raised", "hover")
TEXTS = ("text", "text-2", "text-3", "link", "link-hover", "danger-text")
TONES = ("success", "danger", "warning", "info", "neutral", "accent")


def tokens(theme: str) -> dict[str, str]:
    start = SHEET.index(f'[data-bs-theme="{theme}"]')
    return dict(
        re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", SHEET[start : SHEET.index("}", start)])
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_reach_their_contrast(theme):
    t = tokens(theme)
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(f"{tone}-text", f"{tone}-bg") for tone in TONES]
    pairs += [("on-primary", fill) for fill in ("primary", "primary-hover", "primary-active")]
    pairs += [
        ("on-fill", fill) for fill in ("success", "danger", "danger-hover", "info", "neutral")
    ]
    pairs += [("on-warning", "warning"), ("text-3", "neutral-bg"), ("text-2", "neutral-bg")]
    weak = {pair: contrast(t[pair[0]], t[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_and_focus_reach_three_to_one(theme):
    t = tokens(theme)
    lines = ("control", "focus", "danger-line", "success-line", "warning-line", "info-line")
    weak = {(line, g): contrast(t[line], t[g]) for line in lines for g in ("canvas", "surface")}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_both_themes_name_the_same_tokens():
    assert set(tokens("light")) == set(tokens("dark"))


def test_other_sheets_use_tokens_only():
    folder = Path(__file__).resolve().parents[2] / "static" / "css"
    plain = {}
    for sheet in folder.glob("*.css"):
        if sheet.name in {"tokens.css", "print.css"}:
            continue
        css = re.sub(r'/\*.*?\*/|url\("[^"]*"\)', "", sheet.read_text(), flags=re.S)
        found = [c for c in re.findall(r"#[0-9a-f]{3,8}\b", css) if c != "#fff"]
        if found:
            plain[sheet.name] = found
    assert plain == {}  # #fff is the ground of a picture that phones must scan
