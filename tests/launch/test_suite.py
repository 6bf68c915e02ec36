"""`make test`: the browser is found or named as missing, the exit code is honest."""

import pytest

from launch.problems import Problem
from launch.suite import find_browser, passes, verdict


def test_find_browser_takes_the_one_that_is_named(tmp_path):
    program = tmp_path / "my-chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_browser({"CHROMIUM": str(program)}) == str(program)


def test_find_browser_says_so_when_the_named_one_is_not_there():
    with pytest.raises(Problem) as missing:
        find_browser({"CHROMIUM": "/nowhere/chromium"})
    assert "/nowhere/chromium" in missing.value.what


def test_find_browser_never_skips(monkeypatch):
    monkeypatch.setattr("launch.suite.shutil.which", lambda name, path=None: None)
    with pytest.raises(Problem) as missing:
        find_browser({"PATH": "/nowhere"})
    assert missing.value.what == "The browser tests need Chromium, and this machine has none."


def test_passes_keep_the_browser_apart_unless_marks_are_chosen():
    assert passes(["-k", "deal"]) == [
        ["-m", "not browser", "-k", "deal"],
        ["-m", "browser", "-k", "deal"],
    ]
    assert passes(["-m", "constraints"]) == [["-m", "constraints"]]


def test_passes_spread_the_whole_suite_over_two_processes():
    assert [call[2:] for call in passes([], 2)] == [["-n", "2", "--dist", "loadfile"]] * 2
    assert [call[2:] for call in passes([], 1)] == [[], []]
    assert [call[2:] for call in passes(["-x"], 2)] == [["-x"], ["-x"]]


@pytest.mark.parametrize(
    ("codes", "code"),
    [([0, 0], 0), ([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([1, 0], 1), ([5, 1], 1), ([0, 2], 2)],
)
def test_verdict_is_honest(codes, code):
    assert verdict(codes) == code
