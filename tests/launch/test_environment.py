"""What processes get to know of the environment."""

from pathlib import Path

import pytest

from launch import environment
from launch.instance import Endpoints
from launch.paths import Checkout

ENDS = Endpoints("postgresql://prm@/prm?host=%2Fx", "redis://:p@127.0.0.1:1/0")


def test_clean_drops_what_belongs_to_other_projects():
    kept = {"HOME": "/h", "PATH": "/bin", "PIP_INDEX_URL": "x", "PAGER": "less", "PYTHONUTF8": "1"}
    foreign = {
        "PGHOST": "db",
        "PGPASSWORD": "x",
        "PYTHONPATH": "/x",
        "DJANGO_SETTINGS_MODULE": "x",
        "MAKEFLAGS": "n",
    }
    assert environment.clean({**kept, **foreign}) == kept


@pytest.mark.parametrize(
    ("value", "seen"), [("", None), ("  ", None), ("postgresql://x", "postgresql://x")]
)
def test_pointed_elsewhere_takes_an_empty_variable_for_none(value, seen):
    assert environment.pointed_elsewhere({"DATABASE_URL": value}, "DATABASE_URL") == seen
    assert environment.pointed_elsewhere({}, "DATABASE_URL") is None


def test_secret_key_is_made_once_long_and_private(tmp_path: Path):
    key = environment.secret_key(tmp_path / "new")
    assert len(key) >= 64
    assert environment.secret_key(tmp_path / "new") == key
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0


def test_for_portal_says_all_that_the_settings_read(area, tmp_path: Path):
    env = environment.for_portal(Checkout(tmp_path), area, {"PATH": "/bin"}, ENDS, 8123)
    assert env["DATABASE_URL"] == ENDS.database_url
    assert env["REDIS_URL"] == ENDS.redis_url
    assert env["PORT"] == "8123"
    assert env["PRM_DEMO"] == "1"
    assert env["PRM_BIND"] == "127.0.0.1"
    assert env["DJANGO_SETTINGS_MODULE"] == "prm.settings.dev"
    assert env["PRM_MAIL_CAPTURE_DIR"] == str(area.folder / "mail")
    assert env["PRM_MEDIA_ROOT"] == str(area.folder / "media")
    assert env["PRM_SECRET_KEY"] == environment.secret_key(area.folder)


def test_for_portal_lets_a_person_decide(area, tmp_path: Path):
    wishes = {"PRM_DEMO": "0", "PRM_SECRET_KEY": "k" * 50, "EMAIL_URL": "smtp://mail.example"}
    env = environment.for_portal(Checkout(tmp_path), area, wishes, ENDS, 8000)
    assert {name: env[name] for name in wishes} == wishes
