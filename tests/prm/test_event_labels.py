"""Every event that a service records has words: nobody reads a code in a timeline."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from prm.events import labels
from prm.events.codes import named_codes
from prm.ui import html

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("prm", "users", "catalog", "notifications", "partners", "companies", "registrations")
RECORDERS = {"record", "_record", "_record_person", "_change", "_replace_logo"}


def recorded() -> Iterator[tuple[str, str]]:
    """Yield (code, where) of every code that is written out where it is recorded."""
    for file in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in RECORDERS and isinstance(first, ast.Constant) and "." in str(first.value):
                yield str(first.value), f"{file.relative_to(ROOT)}:{node.lineno}"


def test_every_recorded_code_has_words():
    found = dict(recorded())
    assert len(found) > 20
    named = set(named_codes())
    assert {code: where for code, where in found.items() if code not in named} == {}


@pytest.mark.parametrize("code", named_codes())
def test_every_look_is_one_that_the_frame_has(code):
    look = labels.look(code)
    sprite = (ROOT / "static" / "icons.svg").read_text()
    assert f'id="{look.icon}"' in sprite
    assert look.tone in html.TONE_ICONS
