"""A new version of the normaliser: names are made anew without one that is not found meanwhile."""

from companies import matching, services, tasks
from companies.matching import CompanyQuery
from companies.models import CompanyName
from companies.services import versions
from prm import due
from prm.due.models import DueRow


def age(company):
    """The names as an older version left them: fewer keys."""
    for name in company.names.all():
        name.norm_version, name.keys = 1, name.keys[:1]
        name.save()


def test_old_rows_are_replaced_and_found_throughout(mia):
    company = services.add_company(name="International Business Machines (Big Blue)", actor=mia)
    other = services.add_company(name="Globex", actor=mia)
    before = set(company.names.values_list("raw", "source", "form", "compact"))
    keys = {name.compact: name.keys for name in company.names.all()}
    age(company)
    assert versions.outdated()
    assert versions.rebuild_some() == 1
    assert not versions.outdated()
    assert set(company.names.values_list("raw", "source", "form", "compact")) == before
    assert {name.compact: name.keys for name in company.names.all()} == keys
    assert matching.find(CompanyQuery("IBM"))[0].company_id == company.pk
    assert other.names.count() == 1
    assert versions.rebuild_some() == 0


def test_batches_go_on_until_all_are_new(mia):
    made = [services.add_company(name=f"Initech {n}x", actor=mia) for n in range(3)]
    for company in made:
        age(company)
    assert versions.rebuild_some(most=2) == 2
    assert versions.rebuild_some(most=2) == 1


def test_due_row_renews_after_an_upgrade(mia, travel):
    company = services.add_company(name="Initech", actor=mia)
    age(company)
    tasks.recount_when_grown(DueRow.objects.get(kind=tasks.KIND))
    assert DueRow.objects.filter(kind=tasks.RENEW).exists()
    travel(minutes=1)
    due.drain()
    assert not CompanyName.objects.filter(norm_version=1).exists()
    travel(minutes=1)
    due.drain()
    assert not DueRow.objects.filter(kind=tasks.RENEW).exists()
