"""A short run of the isolation stress; `python -m faults.isolation` is the long one."""

import pytest
from django.core.cache import cache

from faults import isolation, moves
from partners.models import Partner
from prm.tenancy import context
from tenants import traces
from tenants.models import Tenant

TENANTS, REQUESTS = 20, 2_000

pytestmark = pytest.mark.concurrency


@pytest.fixture(scope="module")
def twenty(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        isolation.prepare(TENANTS)
        yield isolation.schemas(TENANTS)
        for tenant in Tenant.objects.all():
            traces.remove_cache_keys(tenant)


@pytest.fixture(autouse=True)
def _unblocked(twenty, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_no_read_is_another_tenants(twenty):
    result = isolation.run(REQUESTS, tenants=TENANTS, processes=1, each=3)
    assert result.wrong == []
    assert result.requests >= REQUESTS
    assert set(result.by_way) == {move.__name__ for move, _often in moves.MOVES}


def test_the_stress_would_see_a_wrong_read(twenty, monkeypatch):
    """Without this, a stress that compares nothing would pass."""
    with context.entered(twenty[0]):
        Partner.objects.filter(reference=moves.REFERENCE).update(name=twenty[1])
    result = isolation.work(400, twenty[:2], 7)
    assert any("SQL" in line for line in result.wrong)
    assert any("ORM" in line for line in result.wrong)
    with context.entered(twenty[0]):
        Partner.objects.filter(reference=moves.REFERENCE).update(name=twenty[0])
    monkeypatch.setattr(cache, "make_key", lambda key, version=None: f"one-for-all:{key}")
    with context.entered(twenty[0]):
        cache.set("canary", twenty[0], 60)
    assert any("cache" in line for line in isolation.work(400, twenty[:2], 7).wrong)
