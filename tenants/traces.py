"""What a portal leaves outside the database: files, cache keys and queued jobs; find them, remove them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from redis import Redis

from prm.celery import SCHEMA_HEADER, app
from prm.uploads import tenant_folder
from tenants.models import Tenant

_BATCH = 500
_QUEUE, _IN_FLIGHT, _IN_FLIGHT_TIMES = "celery", "unacked", "unacked_index"


def folders(tenant: Tenant) -> list[Path]:
    """Return where files of a portal are: its private ones, captured mail, and its exports."""
    exports = tenant_folder(settings.OPS_SCHEMA)
    return [
        tenant_folder(tenant.schema_name),
        Path(settings.PRM_MAIL_CAPTURE_DIR) / tenant.schema_name,
        *(exports / export.name for export in tenant.exports.all()),
        *((exports / export.name).with_suffix(".part") for export in tenant.exports.all()),
    ]


def remove_files(tenant: Tenant) -> None:
    """Delete every file of a portal; what is gone already is no error."""
    for place in folders(tenant):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def cache_keys(tenant: Tenant) -> list[bytes]:
    """Return the keys of a portal in the cache, whether made under its uid or its schema's name."""
    found: list[bytes] = []
    for server in _servers():
        for owner in (tenant.uid, tenant.schema_name):
            found += server.scan_iter(match=f"{_prefix()}:{owner}:*", count=_BATCH)
    return found


def remove_cache_keys(tenant: Tenant) -> None:
    """Delete every key of a portal from the cache."""
    keys = cache_keys(tenant)
    for server in _servers():
        for start in range(0, len(keys), _BATCH):
            server.unlink(*keys[start : start + _BATCH])


def jobs(tenant: Tenant) -> list[bytes]:
    """Return the queued messages and those in flight that belong to a portal."""
    broker = _broker()
    if broker is None:
        return []
    queued = broker.lrange(_QUEUE, 0, -1)
    in_flight = [raw for _tag, raw in broker.hscan_iter(_IN_FLIGHT)]
    return [raw for raw in [*queued, *in_flight] if _belongs(raw, tenant.schema_name)]


def remove_jobs(tenant: Tenant, *, but: str = "") -> None:
    """Take a portal's jobs out of the broker, and those in flight with them.

    `but` is the id of a job that stays: the one that does this.
    """
    broker = _broker()
    if broker is None:
        return
    for raw in broker.lrange(_QUEUE, 0, -1):
        if _belongs(raw, tenant.schema_name, but):
            broker.lrem(_QUEUE, 0, raw)
    for tag, raw in list(broker.hscan_iter(_IN_FLIGHT)):
        if _belongs(raw, tenant.schema_name, but):
            broker.zrem(_IN_FLIGHT_TIMES, tag)
            broker.hdel(_IN_FLIGHT, tag)


def queue_length() -> int | None:
    """Return how many jobs wait, or None when the broker is of no kind that can be asked."""
    broker = _broker()
    return int(broker.llen(_QUEUE)) if broker is not None else None


def _belongs(raw: bytes, schema: str, but: str = "") -> bool:
    """Whether a message runs in a portal's schema, or names it as its only argument."""
    message: Any = json.loads(raw)
    if isinstance(message, list):  # in flight: the message, its exchange and its key
        message = message[0]
    headers = message.get("headers") or {}
    if but and headers.get("id") == but:
        return False
    named = str(headers.get("argsrepr", "")) in {f"[{schema!r}]", f"({schema!r},)"}
    return headers.get(SCHEMA_HEADER) == schema or named


def _prefix() -> str:
    return str(settings.CACHES["default"].get("KEY_PREFIX", ""))


def _servers() -> Iterator[Any]:
    """The cache's servers; none where the cache is this process's memory."""
    if settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        yield Redis.from_url(settings.CACHES["default"]["LOCATION"])


def _broker() -> Any:
    url = str(app.conf.broker_url or "")
    return Redis.from_url(url) if url.startswith(("redis://", "unix://")) else None
