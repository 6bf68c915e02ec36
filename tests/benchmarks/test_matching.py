"""The bench of name matching: its figures, and that its rows are those of the service."""

import gzip
import json

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks.matching import acronyms, engine, files, measuring, scratch
from benchmarks.matching.files import Alias, Query
from benchmarks.matching.measuring import Outcome, Shown
from companies import services
from companies.models import CompanyName, CompanyWord

MAIN = Query("main", "linked", "sec", "Initech Inc", "Initech")


def outcome(*shown, query=MAIN):
    return Outcome(query, tuple(Shown(*one) for one in shown), 0.01)


def test_threshold_lets_the_allowed_wrong_names_through():
    outcomes = [
        outcome((90, True), (50, False), (20, False)),
        outcome((60, False), (40, True), (10, False)),
    ]
    fitted = measuring.fit(outcomes)
    assert fitted.flags == {"half_flag": 0.5, "1_flag": 1.0, "2_flags": 2.0, "3_flags": 2.0}
    found = measuring.figures(outcomes, fitted)
    assert found["recall_at_1"] == 0.5
    assert found["recall_at_10"] == 1.0
    assert (found["recall_at_half_flag"], found["recall_at_1_flag"]) == (0.5, 1.0)
    assert found["recall_at_3_flags"] == 1.0
    assert found["p95_ms"] == pytest.approx(10)


def test_equal_scores_stay_out_together():
    outcomes = [outcome((50, False), (50, False), (50, False)), outcome((60, True))]
    fitted = measuring.fit(outcomes)
    assert fitted.flags["1_flag"] == 0.0
    assert measuring.figures(outcomes, fitted)["recall_at_1_flag"] == 0.5


def test_only_main_queries_with_a_visible_link_are_resolvable():
    queries = [
        MAIN,
        Query("main", "unlinked", "", "a", "b"),
        Query("generated_typo", "typo", "", "a", "b"),
        Query("extra_acronym", "acronym", "", "a", "b"),
    ]
    kept = measuring.resolvable([outcome(query=query) for query in queries])
    assert [one.query for one in kept] == [MAIN]


def test_average_precision():
    assert measuring.average_precision([(3, True), (2, False), (1, True)]) == pytest.approx(5 / 6)
    assert measuring.average_precision([(1, True), (1, False)]) == pytest.approx(0.5)
    assert measuring.average_precision([(1, False)]) is None
    rated = [(3.0, True), (2.0, False), (1.0, True)]
    assert measuring.at_threshold(rated, 2.5) == {"precision": 1, "recall": 0.5, "f1": 2 / 3}
    assert measuring.best_threshold(rated) == 1.0


NAMES = [
    "International Business Machines Corp.",
    "Procter & Gamble Company (P&G)",
    "Initech GmbH",
    "Initech Foods Ltd dba Foodtech",
    "Łódź Works",
    "  Spaces   Ltd ",
]


def rows():
    names = CompanyName.objects.order_by("raw", "compact")
    fields = ("raw", "form", "core", "compact", "tokens", "keys", "norm_version", "active")
    return list(names.values_list(*fields))


def words():
    return {
        (word, key, tuple(deletions))
        for word, key, deletions in CompanyWord.objects.values_list("word", "key", "deletions")
    }


def test_bulk_rows_are_those_of_the_service(mia):
    for name in NAMES:
        services.add_company(name=name, actor=mia)
    by_service, words_by_service = rows(), words()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE companies_company, companies_companyword CASCADE")
    assert scratch.fill([*NAMES, "((("]) == len(NAMES)
    assert rows() == by_service
    assert words() == words_by_service


def test_indexes_are_as_before(mia):
    sql = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        before = cursor.fetchall()
        scratch.fill(NAMES)
        cursor.execute(sql)
        assert cursor.fetchall() == before


def test_product_is_asked_whatever_the_threshold(mia):
    scratch.fill([*NAMES, *acronyms.NAMES])
    assert engine.product("Initech")[0][0] == "Initech GmbH"
    assert len(engine.product("Initech")) > 1
    assert acronyms.check(engine.product)["all"]
    assert engine.remember([Alias("Initech GmbH", "Otherwise"), Alias("Nobody", "x")]) == {
        "given": 2,
        "stored": 1,
    }
    assert engine.product("Otherwise")[0][0] == "Initech GmbH"  # a remembered spelling is a hit
    asked = Query("main", "unlinked", "sec", "Initech GmbH", "Otherwise")
    (outcome,) = engine.outcomes([asked], engine.ranked, named=engine.own_names)
    assert outcome.shown[0].hit
    assert engine.write_times(NAMES, most=2)


def test_files_plain_or_packed(tmp_path):
    plain, packed = tmp_path / "a.txt", tmp_path / "b.txt.gz"
    plain.write_text("Initech\n\nGlobex\n")
    packed.write_bytes(gzip.compress("Łódź\n".encode()))
    assert list(files.names([plain, packed])) == ["Initech", "Globex", "Łódź"]


def test_command_reports_what_other_tools_read(tmp_path, monkeypatch, db):
    """The whole command on the test's own tenant instead of a scratch database."""
    names, queries, pairs, out = (tmp_path / n for n in ("names", "queries", "pairs", "out.json"))
    names.write_text("\n".join(NAMES))
    queries.write_text(
        "kind,set,entity_id,target_name,query_name,stratum\n"
        "main,sec,1,Initech GmbH,Initech,same_core\n"
        "main,sec,1,Łódź Works,Lodz Work,linked\n"
        "main,sec,2,Globex,Otherwise,unlinked\n"
        "extra_acronym,sec,3,International Business Machines Corp.,I B M,acronym\n"
        "generated_typo,sec,4,Initech Foods Ltd,Initech Fods,typo\n"
    )
    pairs.write_text(
        "name1,name2,label,set,kind,id1,id2\n"
        "Initech,Initech GmbH,1,sec,same_core,1,1\nInitech,Globex,0,sec,random,1,2\n"
        "Initech,Initech AG,1,nk_human,x,1,1\n"
    )
    from contextlib import contextmanager

    @contextmanager
    def here(schema, wanted, *, keep, say):
        scratch.fill(wanted)
        yield 0.1

    monkeypatch.setattr(scratch, "tenant", here)
    call_command(
        "match_bench", names=[names], queries=queries, pairs=pairs, baselines=True, json=out
    )
    found = json.loads(out.read_text())
    wanted = {
        "recall_at_1", "recall_at_10", "recall_at_half_flag", "recall_at_1_flag", "recall_at_3_flags",
        "p50_ms", "p95_ms", "p99_ms", "write_p95_ms", "bytes_per_name", "pairs_ap",
    }  # fmt: skip
    assert wanted <= set(found["resolvable"])
    assert set(found["strata"]) == {"same_core", "linked", "unlinked"}
    assert set(found["kinds"]) == {"main", "extra_acronym", "generated_typo"}
    for part in (*found["strata"].values(), *found["kinds"].values()):
        assert wanted <= set(part)
    assert {"pg_trgm", "rapidfuzz_token_set"} <= set(found["baselines"])
    assert found["resolvable"]["recall_at_1"] == 1.0
    assert found["resolvable"]["pairs_ap"] == 1.0
    assert found["conditions"]["thresholds_fitted_on"] == "--queries themselves"
