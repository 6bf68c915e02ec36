"""Every write to companies. Each takes the company's locks and records one event."""

from companies.naming import NameUnusable
from companies.registry import MergeRefused
from companies.services.editing import add_domain, add_name, rename, set_designation
from companies.services.identity import add_company, confirm_company, identify
from companies.services.merging import confirm_as, remember_different
from companies.services.writing import (
    CompanyMerged,
    CountryUnusable,
    DomainTaken,
    DomainUnusable,
    TooManyNames,
)

__all__ = [
    "CompanyMerged",
    "CountryUnusable",
    "DomainTaken",
    "DomainUnusable",
    "MergeRefused",
    "NameUnusable",
    "TooManyNames",
    "add_company",
    "add_domain",
    "add_name",
    "confirm_as",
    "confirm_company",
    "identify",
    "remember_different",
    "rename",
    "set_designation",
]
