"""What the audit list and the timeline call things of this room."""

from companies import services
from companies.words import EVENTS
from prm.events import labels, records, timeline
from prm.events.entries import entries


def test_events_of_companies_have_looks():
    assert all(labels.look(code) != labels.Look() for code in EVENTS)


def test_companies_are_named_and_searched_in_the_audit_list(mia):
    company = services.add_company(name="Initech GmbH", actor=mia)
    found = records.of(timeline(company))
    assert found["companies.company", company.uid].text == "Initech GmbH"
    assert found["companies.company", company.uid].url == company.get_absolute_url()
    assert company.uid in records.search("initech")


def test_changes_are_spelt_out(mia):
    company = services.add_company(name="Initech", country="DE", actor=mia)
    services.rename(company, "Initrode", country="AT", actor=mia)
    services.set_designation(company, "VENDOR_DIRECT", actor=mia)
    designated, renamed, _ = entries(timeline(company).newest_first())
    assert [(c.label, c.old, c.new) for c in designated.changes] == [
        ("Designation", "Open", "Vendor-direct")
    ]
    assert {(c.label, c.old, c.new) for c in renamed.changes} == {
        ("Name", "Initech", "Initrode"), ("Country", "Germany", "Austria"),
    }  # fmt: skip
