"""Pango: found by trying, said in one sentence when it is missing."""

import sys
from pathlib import Path

import pytest

from launch import pango
from launch.problems import Problem


def python_that_says(folder: Path, words: str, code: int = 1) -> Path:
    """A program that fails as Python does."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\necho "{words}" >&2\nexit {code}\n')
    program.chmod(0o755)
    return program


def test_this_machine_has_it():
    assert pango.works(Path(sys.executable), {})


def test_a_missing_library_is_one_sentence(tmp_path):
    python = python_that_says(tmp_path, "OSError: cannot load library 'libpango-1.0-0'")
    assert not pango.works(python, {})
    with pytest.raises(Problem) as missing:
        pango.require(python, {})
    assert missing.value.what == "PDF documents need the library Pango, and this machine has none."


def test_another_failure_is_not_blamed_on_pango(tmp_path):
    pango.require(python_that_says(tmp_path, "No module named 'weasyprint'"), {})
