"""Lists of companies as tests make them: uploaded, checked, loaded."""

from django.core.files.uploadedfile import SimpleUploadedFile

from companies.enums import LoadState
from companies.models import CompanyLoad
from companies.services import loads
from prm import due

HEADER = "Company,Other names,Website,Country,Status,Industry,Parent,VAT,External ID,City\n"


def upload(text, name="accounts.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return SimpleUploadedFile(name, content, "text/csv")


def checked(text, actor, **more) -> CompanyLoad:
    """A list that has been checked."""
    load = loads.start_load(upload(text), actor=actor)
    loads.map_columns(load, load.mapping, actor=actor, **more)
    due.drain()
    load.refresh_from_db()
    assert load.state == LoadState.CHECKED
    return load


def loaded(text, actor, **more) -> CompanyLoad:
    """A list that has been loaded."""
    load = checked(text, actor, **more)
    loads.begin_loading(load, actor=actor)
    due.drain()
    load.refresh_from_db()
    assert load.state == LoadState.LOADED
    return load


def outcomes(load):
    return [(row.outcome, row.cause) for row in load.entries.order_by("line")]


def counts(load):
    return load.creates, load.updates, load.skips, load.errors
