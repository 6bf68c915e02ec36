"""What administrators may change: it acts at once, on every name, and can be tried before."""

from companies import matching, services
from companies.matching import CompanyQuery, tuning
from companies.models import MatchTuning


def found(query, **more):
    return {match.name: match.score for match in matching.find(CompanyQuery(query), **more)}


def test_nobody_changed_anything(db):
    assert tuning.current() == tuning.NEUTRAL


def test_newest_version_is_in_force(mia):
    MatchTuning.objects.create(threshold_offset=5, note="first")
    MatchTuning.objects.create(threshold_offset=-3, stop_words=["Widgets"], author=mia)
    assert tuning.current() == tuning.build(-3, ["widget"])


def test_threshold_hides_and_shows(mia):
    services.add_company(name="Initech Foods", actor=mia)
    (score,) = found("Initech").values()
    assert found("Initech", tuned=tuning.build(tuning.MOST_OFFSET)) in (
        {},
        {"Initech Foods": score},
    )
    assert found("Initech", tuned=tuning.build(-10)) == {"Initech Foods": score}


def test_equivalent_words_meet(mia):
    services.add_company(name="Zeta Broadband Union", actor=mia)
    services.add_company(name="Other Fibrenet Guild", actor=mia)
    before = found("Zeta Fibrenet Union").get("Zeta Broadband Union", 0)
    MatchTuning.objects.create(equivalences=[["fibrenet", "broadband", "  "], ["alone"]])
    after = found("Zeta Fibrenet Union")["Zeta Broadband Union"]
    assert after > before
    assert "Other Fibrenet Guild" in found("Broadband Guild Other")


def test_stop_words_of_the_trade_weigh_little(mia):
    services.add_company(name="Qumulus Zeta", actor=mia)
    tuned = tuning.build(0, ["Qumulus"])
    assert found("Qumulus Yoda", tuned=tuned).get("Qumulus Zeta", 0) < found("Qumulus Yoda").get(
        "Qumulus Zeta", 999
    )


def test_evidence_still_sums_to_the_score(mia):
    services.add_company(name="Zeta Broadband Union", actor=mia)
    tuned = tuning.build(-40, ["Zeta"], [["fibrenet", "broadband"]])
    for match in matching.find(CompanyQuery("Zeta Fibrenet Unions"), tuned=tuned):
        assert sum(line.points for line in match.evidence) == match.score


def test_words_are_kept_in_their_canonical_spelling():
    assert tuning.canonical_word("Services") == tuning.canonical_word("svcs") == "service"
    assert tuning.canonical_word("two words") == ""
    assert tuning.build(999).threshold_offset == tuning.MOST_OFFSET
