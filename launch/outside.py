"""Real services that DATABASE_URL and REDIS_URL point to: ask them before anything depends on them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from launch.problems import Problem, reason, recognise

OLDEST_POSTGRES = 15
_SECONDS = 10
_ASK_DATABASE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
    print(connection.info.server_version // 10000)
"""
_ASK_REDIS = """
import os, redis
redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=5, socket_timeout=5).ping()
"""


def without_password(url: str) -> str:
    """Return the address as it may be printed."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.split(':', 1)[0]}:***@{host}"))


def require_database(python: Path, url: str, env: Mapping[str, str]) -> None:
    """Raise Problem unless a PostgreSQL that is new enough answers at DATABASE_URL."""
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise Problem(
            f"DATABASE_URL must start with postgresql://, not {url.split(':', 1)[0]}:.",
            "Correct it, or unset it to get a private PostgreSQL.",
        )
    answer = _ask(python, _ASK_DATABASE, "DATABASE_URL", url, env, "PostgreSQL")
    if int(answer) < OLDEST_POSTGRES:
        raise Problem(
            f"DATABASE_URL points to PostgreSQL {answer}, and {OLDEST_POSTGRES} is the oldest that will do.",
            "Point it to a newer one, or unset it to get a private PostgreSQL.",
        )


def require_redis(python: Path, url: str, env: Mapping[str, str]) -> None:
    """Raise Problem unless a Redis-compatible server answers at REDIS_URL."""
    _ask(python, _ASK_REDIS, "REDIS_URL", url, env, "queue server")


def _ask(
    python: Path, question: str, name: str, url: str, env: Mapping[str, str], what: str
) -> str:
    try:
        done = subprocess.run(
            [str(python), "-c", question],
            env={**env, name: url},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        said = f"no answer within {_SECONDS} s"
    else:
        if done.returncode == 0:
            return done.stdout.strip()
        if known := recognise(done.stderr):
            raise known
        said = reason(done.stderr) or "no answer"
    raise Problem(
        f"{name} ({without_password(url)}) does not answer: {said}.",
        f"Start that server or correct {name}; unset it to get a private {what}.",
    )
