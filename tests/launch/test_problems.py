"""A program's output becomes one sentence and the way out."""

import errno

import pytest

from launch import problems
from launch.outside import without_password
from launch.programs import failure


@pytest.mark.parametrize(
    ("output", "what", "way_out"),
    [
        (
            "postgres: error while loading shared libraries: libz.so.1: cannot open shared object file: No such file",
            "The system library libz.so.1 is missing.",
            "Install it: `apt-get install zlib1g`.",
        ),
        (
            "ImportError: libfoo.so.3: cannot open shared object file: No such file or directory",
            "The system library libfoo.so.3 is missing.",
            "Install the package that has it.",
        ),
        (
            "initdb: /lib/libc.so.6: version `GLIBC_2.34' not found (required by initdb)",
            "The C library of this machine is too old: GLIBC_2.34 is wanted.",
            "Use a newer system",
        ),
        ("zipimport.ZipImportError: can't decompress data; zlib not available", "libz.so.1 is missing", "zlib1g"),
        ("OSError: [Errno 28] No space left on device", "The disk is full.", "Make room"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "A downloaded package", "pip cache purge"),
        ("NewConnectionError('<pip...>: Failed to establish')", "The package source cannot be reached.", "pip config list"),
        ("ERROR: No matching distribution found for granian==2.8", "no ready-built package of granian", "glibc"),
    ],
)  # fmt: skip
def test_recognise_knows_common_trouble(output, what, way_out):
    found = problems.recognise(f"some line\n{output}\nanother line")
    assert found is not None
    assert what in found.what
    assert way_out in found.way_out


def test_recognise_leaves_the_unknown_alone():
    assert problems.recognise("Traceback: something else") is None


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "full"), (errno.EROFS, "read-only"), (errno.EACCES, "may not write /x")],
)
def test_operating_system_errors_have_a_sentence(number, said):
    found = problems.from_os_error(OSError(number, "", "/x"))
    assert found is not None
    assert said in found.what


def test_other_operating_system_errors_are_not_hidden():
    assert problems.from_os_error(OSError(errno.EIO, "")) is None


def test_reason_is_the_error_at_the_end():
    text = "Traceback (most recent call last):\n  x\npsycopg.OperationalError: refused.\nIs it running?\n"
    assert problems.reason(text) == "refused"
    assert problems.reason("all is well") is None


def test_passwords_are_not_printed():
    assert without_password("postgresql://u:secret@db:5/x") == "postgresql://u:***@db:5/x"
    assert without_password("postgresql://u@db/x") == "postgresql://u@db/x"


def test_failure_names_the_error_and_the_log(tmp_path):
    text = "Traceback\nCommandError: This database has a portal that is not a demo.\n"
    told = failure("Making the demo data", text, tmp_path / "setup.log", 1)
    assert (
        told.what == "Making the demo data failed: This database has a portal that is not a demo."
    )
    assert str(tmp_path / "setup.log") in told.way_out


def test_failure_without_an_error_shows_the_last_lines(tmp_path):
    told = failure("Starting valkey", "one\n\ntwo\n", tmp_path / "log", 3)
    assert told.what == "Starting valkey failed (exit 3)."
    assert told.way_out.endswith("one\ntwo")
