"""What the database alone must hold."""

import pytest
from django.db import IntegrityError, transaction

from companies import services
from companies.models import Company, CompanyDomain, CompanyName, NameVerdict
from prm import clock

pytestmark = [pytest.mark.django_db, pytest.mark.constraints]


def company(**values):
    return Company.objects.create(**{"name": "Initech", "sort_key": "initech", **values})


def name(owner, **values):
    row = {
        "company": owner, "raw": "Initech", "source": "TYPED", "core": "initech",
        "compact": "initech", "tokens": ["initech"], "keys": [1], "norm_version": 1,
    }  # fmt: skip
    return CompanyName.objects.create(**{**row, **values})


def refused(constraint, make):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    assert constraint in str(error.value)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": ""}, "a company's name has 1 to 200 characters"),
        ({"name": "x" * 201}, "a company's name has 1 to 200 characters"),
        ({"name": "x" * 50_000}, "a company's name has 1 to 200 characters"),
        ({"country": "de"}, "a company's country is two letters or unknown"),
        ({"designation": "CLOSED"}, "a company's designation is known"),
        ({"standing": "MAYBE"}, "a company's standing is known"),
    ],
)
def test_company_that_cannot_be(values, constraint):
    refused(constraint, lambda: company(**values))


def test_merge_that_cannot_be():
    one, other = company(), company()
    refused(
        "a merged company has its time of merging",
        lambda: Company.objects.filter(pk=one.pk).update(merged_into=other),
    )
    refused(
        "a company is not merged into itself",
        lambda: Company.objects.filter(pk=one.pk).update(merged_into=one, merged_at=clock.now()),
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"raw": "x" * 50_000}, "a name of a company has 1 to 200 characters"),
        ({"compact": ""}, "a comparable name is neither empty nor long"),
        ({"core": "x" * 2_000}, "a comparable name is neither empty nor long"),
        ({"keys": []}, "a comparable name has 1 to 48 keys"),
        ({"keys": list(range(49))}, "a comparable name has 1 to 48 keys"),
        ({"source": "HEARSAY"}, "a name's source and form are known"),
        ({"form": "OTHER"}, "a name's source and form are known"),
    ],
)
def test_name_that_cannot_be(values, constraint):
    owner = company()
    refused(constraint, lambda: name(owner, **values))


def test_company_has_each_name_once_while_it_is_active():
    owner = company()
    name(owner, active=False)
    name(owner)
    name(company())
    refused("a company has each name once", lambda: name(owner))


def test_domain_belongs_to_one_company():
    one, other = company(), company()
    CompanyDomain.objects.create(company=one, domain="a.example", source="TYPED", active=False)
    CompanyDomain.objects.create(company=one, domain="a.example", source="TYPED")
    refused(
        "a domain belongs to one company",
        lambda: CompanyDomain.objects.create(company=other, domain="a.example", source="TYPED"),
    )
    for domain in ("A.example", "nodot", "a b.example", "", "müller.de"):
        refused(
            "a domain is lower case ASCII with a dot",
            lambda domain=domain: CompanyDomain.objects.create(
                company=other, domain=domain, source="TYPED"
            ),
        )


def test_pair_has_one_verdict_in_order():
    one, other = company(), company()
    NameVerdict.objects.create(low=one, high=other, verdict="SAME", at=clock.now())
    refused(
        "a pair has one verdict",
        lambda: NameVerdict.objects.create(low=one, high=other, verdict="SAME", at=clock.now()),
    )
    refused(
        "a pair is in order",
        lambda: NameVerdict.objects.create(low=other, high=one, verdict="SAME", at=clock.now()),
    )
    refused(
        "a verdict is known",
        lambda: NameVerdict.objects.create(low=one, high=company(), verdict="NO", at=clock.now()),
    )


def test_partners_and_agents_see_no_companies(mia, ana, pat, lea):
    services.add_company(name="Initech", actor=mia)
    seen = {u.name: Company.objects.all().visible_to(u).count() for u in (mia, ana, pat, lea)}
    assert seen == {mia.name: 1, ana.name: 1, pat.name: 0, lea.name: 0}
