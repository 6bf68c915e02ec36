"""Cleaning of the forms about companies."""

from companies.forms.company import (
    AddCompanyForm,
    CompanyNameField,
    CountryField,
    DesignationForm,
    DomainField,
    DomainForm,
    OtherNameForm,
    RenameForm,
)
from companies.forms.facts import ExternalIdForm, IndustryForm, NumberForm, SiteForm
from companies.forms.lists import MappingForm, UploadForm
from companies.forms.splits import SplitForm
from companies.forms.tuning import TuningForm

__all__ = [
    "AddCompanyForm",
    "CompanyNameField",
    "CountryField",
    "DesignationForm",
    "DomainField",
    "DomainForm",
    "ExternalIdForm",
    "IndustryForm",
    "MappingForm",
    "NumberForm",
    "OtherNameForm",
    "RenameForm",
    "SiteForm",
    "SplitForm",
    "TuningForm",
    "UploadForm",
]
