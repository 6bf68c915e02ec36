"""Every write to companies. Each takes the company's locks and records one event."""

from companies.naming import NameUnusable
from companies.numbers import NumberUnusable
from companies.registry import MergeRefused
from companies.services.designating import apply_designation_rules
from companies.services.editing import (
    ContactAhead,
    NameNeeded,
    add_domain,
    add_name,
    edit_company,
    note_contact,
    remove_domain,
    remove_name,
    rename,
    set_designation,
)
from companies.services.facts import (
    FactTaken,
    FactUnusable,
    Place,
    add_external_id,
    add_number,
    add_site,
    remove_external_id,
    remove_number,
    remove_site,
    set_industry,
)
from companies.services.families import FamilyCircle, set_parent
from companies.services.identity import add_company, confirm_as_ruled, confirm_company, identify
from companies.services.loads import (
    LoadMoved,
    LoadUnusable,
    begin_loading,
    begin_undo,
    discard_load,
    map_columns,
    start_load,
)
from companies.services.memory import remember_different, remember_related
from companies.services.merging import confirm_as, undo_merge
from companies.services.scanning import ScanRunning, start_scan, stop_scan
from companies.services.splitting import Parting, split_company
from companies.services.writing import (
    CompanyMerged,
    CountryUnusable,
    DomainTaken,
    DomainUnusable,
    TooManyNames,
)

__all__ = [
    "CompanyMerged",
    "ContactAhead",
    "CountryUnusable",
    "DomainTaken",
    "DomainUnusable",
    "FactTaken",
    "FactUnusable",
    "FamilyCircle",
    "LoadMoved",
    "LoadUnusable",
    "MergeRefused",
    "NameNeeded",
    "NameUnusable",
    "NumberUnusable",
    "Parting",
    "Place",
    "ScanRunning",
    "TooManyNames",
    "add_company",
    "add_domain",
    "add_external_id",
    "add_name",
    "add_number",
    "add_site",
    "apply_designation_rules",
    "begin_loading",
    "begin_undo",
    "confirm_as",
    "confirm_as_ruled",
    "confirm_company",
    "discard_load",
    "edit_company",
    "identify",
    "map_columns",
    "note_contact",
    "remember_different",
    "remember_related",
    "remove_domain",
    "remove_external_id",
    "remove_name",
    "remove_number",
    "remove_site",
    "rename",
    "set_designation",
    "set_industry",
    "set_parent",
    "split_company",
    "start_load",
    "start_scan",
    "stop_scan",
    "undo_merge",
]
