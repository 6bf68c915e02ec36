"""Which keys are looked up: the budget, and what happens to common words."""

from dataclasses import replace

import pytest

from companies import matching, services
from companies.matching import CompanyQuery, candidates
from companies.matching.candidates import BUDGET, PER_KEY, TOTAL, choose
from companies.matching.keys import PREFIX, WORD, Key


def words(count):
    return [Key(WORD, f"word{n}") for n in range(count)]


def test_rare_keys_come_first_and_weigh_more():
    rare, common = Key(WORD, "rare"), Key(WORD, "common")
    chosen = choose([common, rare], {TOTAL: 100_000, common.hash: 900})
    assert [key for key, _, _ in chosen] == [rare.hash, common.hash]
    assert chosen[0][2] > chosen[1][2]


def test_budget_of_index_entries_holds():
    keys = words(20)
    chosen = choose(keys, {TOTAL: 10**6, **{key.hash: 1000 for key in keys}})
    single = [one for one, other, _ in chosen if one == other]
    assert len(single) == BUDGET // 1000


def test_words_that_too_many_carry_count_in_pairs_only():
    keys = [*words(3), Key(PREFIX, "wor wor")]
    chosen = choose(keys, {TOTAL: 10**6, **{key.hash: PER_KEY + 1 for key in keys}})
    assert len(chosen) == 3
    assert all(one != other for one, other, _ in chosen)


@pytest.mark.parametrize("most", [0, 1])
def test_name_of_common_words_only_is_found(mia, monkeypatch, most):
    monkeypatch.setattr(candidates, "PER_KEY", 3)
    for other in ("American Paper", "American Steel", "Financial Times", "Paper Services"):
        services.add_company(name=other, actor=mia)
    target = services.add_company(name="American Financial Services", actor=mia)
    known = candidates.counts

    def counted(cursor, hashes, bounds):
        counted = known(cursor, hashes, bounds)
        more = {**counted.known, **dict.fromkeys(hashes if most else (), 9), TOTAL: 5}
        return replace(counted, known=more)

    monkeypatch.setattr(candidates, "counts", counted)
    best = matching.find(CompanyQuery("American Financial Services Inc"))[0]
    assert best.company_id == target.pk
