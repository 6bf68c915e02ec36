"""The operators' portals in the states between living and being gone, and their addresses."""

from collections.abc import Iterator, MutableMapping
from typing import Any

from prm import clock
from tenants import exports, removal, renaming, services
from tenants.models import Export, Opening, Tenant
from tenants.services import NewTenant


def seed(keys: MutableMapping[str, str], olga: Any) -> None:
    """A portal that is to be deleted, renamed before, and a finished export of it; no schema is made."""
    leaving = services.reserve_tenant(
        NewTenant("leavingone", "Leaving One", "leaving.localhost"), actor=olga
    )
    Tenant.objects.filter(pk=leaving.pk).update(ready=True)
    Opening.objects.filter(tenant=leaving).delete()
    renaming.rename_host(leaving, host="left.localhost", actor=olga)
    removal.ask_deletion(leaving, reason="kwops reason", actor=olga)
    now = clock.now()
    export = Export.objects.create(tenant=leaving, asked_at=now, finished_at=now,
                                   until=now + exports.timedelta(days=exports.DAYS), size=7)  # fmt: skip
    path = exports.path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"archive")
    Export.objects.create(tenant=leaving, failure="OSError: No space left on device")
    keys |= {"leaving": str(leaving.uid), "export": str(export.uid)}


def addresses(address: Any, just: Any) -> dict[str, Any]:
    """Return the addresses of the pages that change a portal for good."""

    def named(keys: MutableMapping[str, str]) -> dict[str, str]:
        name = Tenant.objects.get(uid=keys["acme"]).name
        return {"name": name, "reason": "Because", "days": "30"}

    return {
        "tenants:health": address(),
        "tenants:rename": address({"uid": "acme"}, just(host="third", redirect_days="90")),
        "tenants:delete": address({"uid": "acme"}, named),
        "tenants:keep": address({"uid": "leaving"}),
        "tenants:export": address({"uid": "acme"}),
        "tenants:export-fetch": address({"uid": "export"}),
    }


def states() -> Iterator[tuple[str, str]]:
    """Yield pages to be seen besides: what it is, and the key of the portal."""
    yield "a portal that is to be deleted", "leaving"
    yield "a portal that is suspended", "stopped"
    yield "a portal that failed to open", "failed"
