"""Whom companies are open to, by the vendor's rules: what a rule may ask and say. No writes.

One rule object decides one company from facts and many in SQL; both give the same. A list's
membership is no field: a list says itself whom its companies are open to, and its rows are forgotten
after a while; an ID in another system says it for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Industry
from companies.enums import Designation, DesignationSource, NumberScheme, Standing
from companies.matching import sort_key
from companies.models import Company, CompanyDomain, CompanyNumber, ExternalId
from prm import countries, rules
from prm.rules import Field, Kind, RuleSet, RuleVersion

KIND = "companies.designation"
OUTCOME = "designation"
DEFAULT = "default"
_EDGE = ".-"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the rules say of a company, and which rule of which version; none if no rule spoke."""

    designation: str = Designation.OPEN.value
    rule: str = ""
    version: int | None = None


def register() -> None:
    """Make the kind of rules known; called when the app starts."""
    rules.register_kind(
        KIND, gettext_lazy("Designation of companies"), fields=FIELDS, outcomes=OUTCOMES
    )


def in_force() -> tuple[RuleVersion, RuleSet] | None:
    """Return the version in force with its rules; None while the vendor has none.

    Raises RuleInvalid when it asks for what is gone.
    """
    try:
        version = rules.current(KIND)
    except rules.NoRules:
        return None
    return version, rules.ruleset(version)


def decide(company: Company) -> Decided:
    """Return what the rules in force say of one company. Raises RuleInvalid."""
    found = in_force()
    if found is None:
        return Decided()
    version, ruleset = found
    decision = ruleset.decide(facts_of(company))
    said = decision.outcome.get(OUTCOME, Designation.OPEN.value)
    return _decided(said, decision.decided_by.get(OUTCOME, DEFAULT), version.number)


def decide_many(keys: Iterable[int]) -> dict[int, Decided]:
    """Return what the rules in force say of many companies: a query per rule. Raises RuleInvalid."""
    left = set(keys)
    found = in_force()
    if found is None or not left:
        return dict.fromkeys(left, Decided())
    version, ruleset = found
    decided: dict[int, Decided] = {}
    for rule in ruleset.rules:
        if OUTCOME in rule.then and left:
            rows = Company.objects.filter(pk__in=left).filter(rule.when.compile_q())
            hit = set(rows.values_list("pk", flat=True))
            decided |= dict.fromkeys(hit, _decided(rule.then[OUTCOME], rule.code, version.number))
            left -= hit
    other = ruleset.defaults.get(OUTCOME, Designation.OPEN.value)
    return decided | dict.fromkeys(left, _decided(other, DEFAULT, version.number))


def _decided(said: str, rule: str, version: int) -> Decided:
    if rule == DEFAULT and said == Designation.OPEN:
        return Decided()
    return Decided(said, rule, version)


def reason(company: Company) -> str:
    """Return who designated a company, in words; nothing where no rule speaks of an open one."""
    if company.designation_source == DesignationSource.HAND:
        return _("set by hand")
    if company.designation_source == DesignationSource.LIST:
        return _("set by a list")
    if not company.designation_rule:
        return ""
    number = company.designation_version or 0
    version = RuleVersion.objects.of_kind(KIND).filter(number=number).first()
    if company.designation_rule == DEFAULT:
        return _("by the rules’ default (version %(version)s)") % {"version": number}
    return _("by rule “%(rule)s” (version %(version)s)") % {
        "rule": _title(version, company),
        "version": number,
    }


def _title(version: RuleVersion | None, company: Company) -> str:
    try:
        known = rules.ruleset(version).rules if version else ()
    except rules.RuleInvalid:
        known = ()
    titles = (rule.title() for rule in known if rule.code == company.designation_rule)
    return next(titles, company.designation_rule)


def facts_of(company: Company) -> Mapping[str, Any]:
    """Return what rules may ask of a company; three queries and those of its parent and industry."""
    domains = list(company.domains.filter(active=True).values_list("domain", flat=True))
    return {
        "name": company.name,
        "country": company.country,
        "industry": company.industry.code if company.industry else None,
        "parent": company.parent.designation if company.parent else None,
        "standing": company.standing,
        "domain": {ending for domain in domains for ending in endings(domain)},
        "domain_part": {part for domain in domains for part in parts(domain)},
        "number": set(company.numbers.values_list("scheme", flat=True)),
        "system": set(company.external_ids.values_list("system", flat=True)),
    }


def endings(domain: str) -> set[str]:
    """Return the domain and what it ends with after each dot."""
    labels = domain.split(".")
    return {".".join(labels[at:]) for at in range(len(labels))}


def parts(domain: str) -> set[str]:
    """Return what stands between dots and hyphens, and every run of that."""
    begins = [at for at in range(len(domain)) if at == 0 or domain[at - 1] in _EDGE]
    ends = [at for at in range(1, len(domain) + 1) if at == len(domain) or domain[at] in _EDGE]
    return {domain[begin:end] for begin in begins for end in ends if begin < end}


def _ending(typed: str) -> str:
    return typed.strip().lower().lstrip("*.@")


def _part(typed: str) -> str:
    return typed.strip().lower()


def _industries() -> Mapping[str, str]:
    return {one.code: one.label for one in Industry.objects.all()}


def _has_domain(code: str | None) -> Q:
    rows = CompanyDomain.objects.filter(company=OuterRef("pk"), active=True)
    if code is not None:
        rows = rows.filter(Q(domain=code) | Q(domain__endswith=f".{code}"))
    return Q(Exists(rows))


def _has_part(code: str | None) -> Q:
    rows = CompanyDomain.objects.filter(company=OuterRef("pk"), active=True)
    if code is not None:
        rows = rows.filter(domain__regex=rf"(^|[.-]){re.escape(code)}([.-]|$)")
    return Q(Exists(rows))


def _has_number(code: str | None) -> Q:
    rows = CompanyNumber.objects.filter(company=OuterRef("pk"))
    return Q(Exists(rows if code is None else rows.filter(scheme=code)))


def _has_id(code: str | None) -> Q:
    rows = ExternalId.objects.filter(company=OuterRef("pk"))
    return Q(Exists(rows if code is None else rows.filter(system=code)))


FIELDS = (
    Field(
        "name",
        Kind.TEXT,
        gettext_lazy("name, without accents and capitals"),
        path="sort_key",
        fold=sort_key,
    ),
    Field(
        "country",
        Kind.CHOICE,
        gettext_lazy("country"),
        path="country",
        choices=lambda: dict(countries.choices()),
    ),
    Field(
        "industry",
        Kind.CHOICE,
        gettext_lazy("industry"),
        path="industry__code",
        choices=_industries,
    ),
    Field(
        "domain", Kind.SET, gettext_lazy("end of a web domain"), member=_has_domain, fold=_ending
    ),
    Field(
        "domain_part", Kind.SET, gettext_lazy("part of a web domain"), member=_has_part, fold=_part
    ),
    Field(
        "parent",
        Kind.CHOICE,
        gettext_lazy("designation of the parent"),
        path="parent__designation",
        choices=dict(Designation.choices),
    ),
    Field(
        "standing",
        Kind.CHOICE,
        gettext_lazy("standing"),
        path="standing",
        choices=dict(Standing.choices),
    ),
    Field(
        "number",
        Kind.SET,
        gettext_lazy("kind of registration number"),
        member=_has_number,
        choices=dict(NumberScheme.choices),
    ),
    Field(
        "system", Kind.SET, gettext_lazy("system that has an ID for it"), member=_has_id, fold=_part
    ),
)
OUTCOMES = (
    Field(OUTCOME, Kind.CHOICE, gettext_lazy("designation"), choices=dict(Designation.choices)),
)
