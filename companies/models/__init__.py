"""Companies: one identity each, what is known of it, what people said, lists that were loaded."""

from companies.models.company import (
    NAME_LENGTH,
    Company,
    CompanyDomain,
    CompanyName,
    CompanyNameQuerySet,
    CompanyQuerySet,
    CompanyWord,
    KeyCount,
    MatchTuning,
    NameVerdict,
    NameVerdictQuerySet,
    NormaliserState,
)
from companies.models.facts import CompanyNumber, CompanySite, ExternalId
from companies.models.loads import CompanyLoad, LoadRow
from companies.models.merges import CompanyMerge
from companies.models.scans import DuplicatePair, DuplicateScan

__all__ = [
    "NAME_LENGTH",
    "Company",
    "CompanyDomain",
    "CompanyLoad",
    "CompanyMerge",
    "CompanyName",
    "CompanyNameQuerySet",
    "CompanyNumber",
    "CompanyQuerySet",
    "CompanySite",
    "CompanyWord",
    "DuplicatePair",
    "DuplicateScan",
    "ExternalId",
    "KeyCount",
    "LoadRow",
    "MatchTuning",
    "NameVerdict",
    "NameVerdictQuerySet",
    "NormaliserState",
]
