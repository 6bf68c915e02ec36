"""A new version of the normaliser: built beside the old, switched per tenant, the old removed."""

from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from companies import matching, registry, selectors, services, tasks
from companies.matching import CompanyQuery
from companies.models import Company, CompanyMerge, CompanyName, KeyCount, NormaliserState
from companies.services import versions
from prm import due
from prm.due.models import DueRow
from prm.tenancy import context
from tests.companies.lists import loaded

OLD, NEXT = 2, 99
normalise = import_module("companies.matching.normalise")  # the package has a function of that name


def renamed(raw):
    """The pretended next version: to it an umbrella is a parasol, and it knows no gazebo."""
    return normalise.VERSIONS[OLD](raw.replace("Umbrella", "Parasol").replace("Gazebo", ""))


@pytest.fixture
def upgrade(monkeypatch):
    """Let the code know the next version, as after a deployment."""

    def go():
        monkeypatch.setitem(normalise.VERSIONS, NEXT, renamed)

    normalise._normalised.cache_clear()
    yield go
    normalise._normalised.cache_clear()


@pytest.fixture
def umbrella(mia):
    return services.add_company(name="Umbrella Works Ltd", country="DE", actor=mia)


def found(name, **more):
    return [match.company_id for match in matching.find(CompanyQuery(name, **more))]


def stored(company):
    rows = company.names.filter(active=True).order_by("norm_version", "pk")
    return [(row.norm_version, row.compact) for row in rows]


def work(steps=50):
    row, _new = DueRow.objects.get_or_create(
        kind=tasks.RENEW, key="names", defaults={"due_at": "2020-01-01T00:00Z"}
    )
    for _step in range(steps):
        row.refresh_from_db()
        if versions.renew_some(row) is None:
            return
    raise AssertionError("the renewal does not end")


OLD_ROW, NEW_ROW = (OLD, "umbrellawork"), (NEXT, "parasolwork")


# --- one version: as if there were none -----------------------------------------------------------


def test_one_version_reads_no_state(umbrella, queries):
    with queries() as counted:
        assert found("Umbrella Works") == [umbrella.pk]
        selectors.known_company(CompanyQuery("Umbrella Works", country="DE"))
        list(umbrella.names.shown())
    assert not any("normaliserstate" in sql for sql in counted.sql)


def test_rows_that_an_earlier_code_left_are_replaced(mia):
    company = services.add_company(name="International Business Machines (Big Blue)", actor=mia)
    before = set(company.names.values_list("pk", "raw", "source", "form", "compact"))
    keys = {name.compact: name.keys for name in company.names.all()}
    for name in company.names.all():
        name.norm_version, name.keys = 1, name.keys[:1]
        name.save()
    assert versions.outdated()
    assert versions.remove_some() == 1
    assert not versions.outdated()
    assert set(company.names.values_list("pk", "raw", "source", "form", "compact")) == before
    assert {name.compact: name.keys for name in company.names.all()} == keys
    assert found("IBM")[0] == company.pk
    assert versions.remove_some() == 0


def test_one_row_says_which_version_is_live(db):
    assert NormaliserState.objects.get().live == OLD
    with pytest.raises(IntegrityError, match="one row says"), transaction.atomic():
        NormaliserState.objects.create(pk=2, live=3)


# --- two versions ---------------------------------------------------------------------------------


def test_before_the_build_old_rows_are_found(upgrade, umbrella):
    upgrade()
    assert stored(umbrella) == [OLD_ROW]
    assert found("Umbrella Works") == [umbrella.pk]
    assert matching.find(CompanyQuery("Umbrella Works"))[0].evidence


def test_during_the_build_both_spellings_are_found_and_nothing_twice(upgrade, umbrella, mia):
    others = [services.add_company(name=f"Umbrella Trade {at}x", actor=mia) for at in range(3)]
    before = {name: found(name) for name in ("Umbrella Works", "Umbrella Trade 1x")}
    scores = [match.score for match in matching.find(CompanyQuery("Umbrella Works"))]
    upgrade()
    last = versions.build_some(most=2)
    assert last == others[0].pk
    assert stored(umbrella) == [OLD_ROW, NEW_ROW]
    assert len(stored(others[2])) == 1
    for name, companies in before.items():
        assert found(name) == companies
        assert len(set(found(name))) == len(found(name))
    assert found("Parasol Works")[0] == umbrella.pk
    assert matching.find(CompanyQuery("Umbrella Works"))[0].score == scores[0]
    assert umbrella.names.shown().count() == 1


def test_after_the_switch_only_new_rows_remain(upgrade, umbrella, mia):
    key = umbrella.names.get().pk
    upgrade()
    assert versions.build_some() is None
    assert matching.versions.live() == OLD
    versions.switch()
    assert (matching.versions.live(), matching.versions.asked()) == (NEXT, (NEXT,))
    assert found("Umbrella Works") == found("Parasol Works") == [umbrella.pk]
    assert versions.remove_some() == 1
    assert stored(umbrella) == [NEW_ROW]
    assert umbrella.names.get().pk == key
    assert found("Umbrella Works") == found("Parasol Works") == [umbrella.pk]
    assert KeyCount.objects.get(key=tasks.TOTAL).count == 1


def test_what_a_process_of_the_code_before_wrote_after_the_switch_is_found_and_renewed(
    upgrade, umbrella
):
    upgrade()
    versions.build_some()
    versions.switch()
    umbrella.names.filter(norm_version=NEXT).delete()
    assert found("Umbrella Works") == [umbrella.pk]
    work()
    assert stored(umbrella) == [NEW_ROW]


def test_due_row_goes_all_the_way(upgrade, mia, travel):
    made = [services.add_company(name=f"Umbrella {at}x", actor=mia) for at in range(5)]
    upgrade()
    tasks.recount_when_grown(DueRow.objects.get(kind=tasks.KIND))
    assert DueRow.objects.filter(kind=tasks.RENEW).exists()
    for _minute in range(5):
        travel(minutes=1)
        due.drain()
    assert not DueRow.objects.filter(kind=tasks.RENEW).exists()
    assert set(CompanyName.objects.values_list("norm_version", flat=True)) == {NEXT}
    assert all(found(f"Parasol {at}x")[0] == made[at].pk for at in range(5))


def test_a_crash_in_between_goes_on_where_it_was(upgrade, mia, monkeypatch):
    made = [services.add_company(name=f"Umbrella {at}x", actor=mia) for at in range(6)]
    monkeypatch.setattr(versions, "BATCH", 2)
    upgrade()
    row = DueRow.objects.create(kind=tasks.RENEW, key="names", due_at="2020-01-01T00:00Z")
    real, calls = versions._remember, []

    def crash_at_second(names):
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError
        real(names)

    monkeypatch.setattr(versions, "_remember", crash_at_second)
    ran = 0
    for _try in range(20):
        row.refresh_from_db()
        try:
            with transaction.atomic():
                if versions.renew_some(row) is None:
                    break
        except ConnectionError:
            ran += 1
            assert all(found(f"Umbrella {at}x")[0] == made[at].pk for at in range(6))
    assert ran == 1
    assert [stored(one) for one in made] == [[(NEXT, f"parasol{at}x")] for at in range(6)]


def test_new_names_are_written_in_both_versions_until_the_switch(upgrade, umbrella, mia, pat):
    upgrade()
    typed = services.identify(name="Umbrella Three", country="FR", actor=pat)
    services.add_name(umbrella, "Umbrella Four", actor=mia)
    assert stored(typed) == [(OLD, "umbrella3"), (NEXT, "parasol3")]
    assert len(stored(umbrella)) == 3
    loaded("Name\nUmbrella Five\n", mia)
    five = Company.objects.get(name="Umbrella Five")
    assert stored(five) == [(OLD, "umbrella5"), (NEXT, "parasol5")]
    versions.build_some()
    versions.switch()
    later = services.identify(name="Umbrella Six", country="FR", actor=pat)
    assert [version for version, _compact in stored(later)] == [NEXT]


def test_a_name_links_in_either_version(upgrade, umbrella, mia, pat):
    upgrade()
    for _stage in range(2):
        typed = services.identify(name="UMBRELLA WORKS", country="DE", actor=pat)
        assert typed == umbrella
        load = loaded("Name,Country,Website\nUmbrella Works,DE,umbrella.example\n", mia)
        assert load.creates == 0
        versions.build_some()
    assert "company-name:umbrellawork" in selectors.lock_keys(CompanyQuery("Umbrella Works"))
    assert "company-name:parasolwork" in selectors.lock_keys(CompanyQuery("Umbrella Works"))


def test_a_name_without_words_in_the_new_version_stays_findable(upgrade, mia):
    company = services.add_company(name="Gazebo", actor=mia)
    upgrade()
    work()
    assert stored(company) == [(NEXT, "gazebo")]
    assert NormaliserState.objects.get().live == NEXT


def test_a_merge_can_be_undone_after_the_switch(upgrade, umbrella, mia, pat, monkeypatch):
    monkeypatch.setattr(registry, "_functions", [])
    other = services.identify(name="Umbrella Twice", country="DE", actor=pat)
    services.confirm_as(other, umbrella, actor=mia)
    upgrade()
    work()
    assert len(stored(umbrella)) == 2
    services.undo_merge(CompanyMerge.objects.get(), actor=mia)
    assert (stored(umbrella), stored(other)) == ([NEW_ROW], [(NEXT, "parasoltwice")])


def test_a_merge_during_the_build_keeps_both_versions(upgrade, umbrella, mia, pat, monkeypatch):
    monkeypatch.setattr(registry, "_functions", [])
    upgrade()
    other = services.identify(name="Parasol Works", country="AT", actor=pat)
    services.confirm_as(other, umbrella, actor=mia)
    assert stored(umbrella) == [OLD_ROW, (OLD, "parasolwork"), NEW_ROW]
    work()
    assert stored(umbrella) == [NEW_ROW]


def test_different_stays_said(upgrade, umbrella, mia):
    other = services.add_company(name="Umbrella Work", country="AT", actor=mia)
    services.remember_different(umbrella, other, actor=mia)
    upgrade()
    work()
    services.memory.outdate([umbrella.pk])
    assert found("Umbrella Works", exclude_company_id=umbrella.pk) == []


def test_a_busy_company_is_tried_again(upgrade, umbrella, monkeypatch):
    upgrade()

    def busy(*keys):
        raise versions.locks.Busy

    monkeypatch.setattr(versions.locks, "hold", busy)
    row = DueRow.objects.create(kind=tasks.RENEW, key="names", due_at="2020-01-01T00:00Z")
    assert versions.renew_some(row) is not None
    assert stored(umbrella) == [OLD_ROW]


def test_each_tenant_goes_over_by_itself(upgrade, umbrella):
    upgrade()
    work()
    with context.entered("globex"):
        assert matching.versions.live() == OLD
    assert matching.versions.live() == NEXT
