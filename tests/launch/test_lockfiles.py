"""Lock files hold pinned names and hashes, and nothing else."""

import pytest

from launch import lockfiles
from launch.paths import here

HASH = "    --hash=sha256:" + "0" * 64
CLEAN = (
    f"django==5.2.1 \\\n{HASH} \\\n{HASH}\nredis==6.0 ; python_full_version < '3.12' \\\n{HASH}\n"
)


def test_faults_of_a_clean_file_are_none():
    assert list(lockfiles.faults(CLEAN)) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--find-links /opt/wheels",
        "django @ https://packages.example/django.whl \\",
        "django @ file:///opt/wheels/django.whl \\",
        "-e .",
        "./wheels/django.whl",
        "# via -r /srv/requirements/app.in",
        "django>=5.2 \\",
    ],
)
def test_faults_names_addresses_paths_and_loose_versions(line):
    assert list(lockfiles.faults(f"{line}\n{CLEAN}")) == [f"line 1: {line}"]


def test_faults_names_a_package_without_hash():
    assert list(lockfiles.faults("django==5.2.1 \\\n" + CLEAN)) == ["django==5.2.1 has no hash"]
    assert list(lockfiles.faults("django==5.2.1 \\\n")) == ["django==5.2.1 has no hash"]
    assert list(lockfiles.faults("")) == ["it is empty"]


def test_pins_keep_packages_of_different_machines_apart():
    assert lockfiles.pins(CLEAN) == {
        "django": "5.2.1",
        "redis ; python_full_version < '3.12'": "6.0",
    }


def test_disagreements_are_named(tmp_path):
    for name in lockfiles.NAMES:
        (tmp_path / name).write_text(CLEAN)
    (tmp_path / "dev.lock").write_text(CLEAN.replace("5.2.1", "5.2.2"))
    assert lockfiles.check(tmp_path) == ["dev.lock has django 5.2.2, local.lock has 5.2.1"]


def test_our_own_lock_files_are_clean():
    assert lockfiles.check(here().requirements) == []


def test_contained_locks_are_those_before():
    assert lockfiles.contained("local.lock") == ("app.lock", "local.lock")
