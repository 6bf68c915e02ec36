"""The environment that servers, Django and Celery run in."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from launch.instance import Endpoints, write_private
from launch.paths import Area, Checkout

# What would change how Python, libpq or Django start, and belongs to some other project.
_FOREIGN = re.compile(
    r"^(PYTHON(PATH|HOME|STARTUP|INSPECT|OPTIMIZE)|VIRTUAL_ENV|DJANGO_SETTINGS_MODULE|PG[A-Z]+|MAKE(FLAGS|LEVEL|FILES|OVERRIDES)|MFLAGS)$"
)


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what belongs to other projects."""
    return {name: value for name, value in environ.items() if not _FOREIGN.match(name)}


def pointed_elsewhere(environ: Mapping[str, str], name: str) -> str | None:
    """Return the address that a person set to use a real service instead of a private one."""
    return environ.get(name, "").strip() or None


def secret_key(folder: Path) -> str:
    """Return this checkout's secret key; it is made once and kept."""
    file = folder / "secret_key"
    try:
        if key := file.read_text().strip():
            return key
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(64)
    write_private(file, key + "\n")
    return key


def for_django(
    checkout: Checkout, area: Area, environ: Mapping[str, str], endpoints: Endpoints
) -> dict[str, str]:
    """Return what every Django process of an area gets, whatever it does."""
    env = clean(environ)
    env.update(
        DATABASE_URL=endpoints.database_url,
        REDIS_URL=endpoints.redis_url,
        PYTHONUNBUFFERED="1",
        PATH=f"{checkout.venv / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}",
        VIRTUAL_ENV=str(checkout.venv),
    )
    return env


def for_portal(
    checkout: Checkout, area: Area, environ: Mapping[str, str], endpoints: Endpoints, port: int
) -> dict[str, str]:
    """Return what the running portal gets: the demo, its folders and its own secret."""
    env = for_django(checkout, area, environ, endpoints)
    env.update(
        DJANGO_SETTINGS_MODULE="prm.settings.dev",
        PRM_DEMO=environ.get("PRM_DEMO", "1"),
        PORT=str(port),
        PRM_BIND=environ.get("PRM_BIND", "127.0.0.1"),
        PRM_SECRET_KEY=environ.get("PRM_SECRET_KEY") or secret_key(area.folder),
        PRM_LOCAL_DIR=str(area.folder),
        PRM_MEDIA_ROOT=environ.get("PRM_MEDIA_ROOT") or str(area.folder / "media"),
        PRM_MAIL_CAPTURE_DIR=environ.get("PRM_MAIL_CAPTURE_DIR") or str(area.folder / "mail"),
    )
    return env
