"""The chain: what breaks it, what does not, and the format."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from prm import events
from prm.events import extract
from prm.events.models import Event, EventDetail, PendingSeal, Seal
from prm.events.verify import verify_tenant, write_extract
from prm.tenancy import context

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def chain(pat) -> list[Event]:
    """Five sealed events; the third has no private part."""
    events.seal_pending()
    recorded = [
        events.record(
            "test.happened",
            target=pat,
            actor=pat,
            data={"number": number, "code": f"C{number}"},
            private={"note": f"Note {number}"} if number != 3 else {},
        )
        for number in range(1, 6)
    ]
    assert events.seal_pending() == 5
    return recorded


@pytest.fixture
def tamper(db) -> Callable[..., None]:
    """Run SQL the way somebody with the database's password could: triggers and keys switched off."""

    def run(*statements: str) -> None:
        with connection.cursor() as cursor:
            connection.check_constraints()
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return run


def test_seals_are_gap_free_and_linked(chain):
    seals = list(Seal.objects.order_by("number"))
    assert [seal.number for seal in seals] == list(range(1, len(seals) + 1))
    assert [seal.previous for seal in seals] == [
        extract.GENESIS,
        *(seal.digest for seal in seals[:-1]),
    ]
    assert not PendingSeal.objects.exists()


def test_head_is_the_newest_link(chain):
    newest = Seal.objects.order_by("-number").first()
    assert events.head() == events.Head(newest.number, newest.digest, newest.sealed_at)


@pytest.mark.django_db
def test_an_untouched_chain_holds(chain):
    verdict = verify_tenant(head=events.head().digest)
    assert verdict.holds
    assert verdict.count == events.head().number


def test_sealing_respects_its_limit(pat):
    events.seal_pending()
    for _number in range(3):
        events.record("test.happened", target=pat, actor=None)
    assert events.seal_pending(limit=2) == 2
    assert events.seal_pending() == 1
    assert events.seal_pending() == 0


def test_digest_now_is_the_digest_that_gets_sealed(pat):
    event = events.record("test.happened", target=pat, actor=pat, private={"name": "Initech"})
    before = events.digest_now(event)
    events.seal_pending()
    seal = Seal.objects.get(event=event)
    sealed_at = extract.instant(seal.sealed_at)
    assert events.digest_now(Event.objects.get(pk=event.pk)) == before
    assert seal.digest == extract.seal_digest(seal.number, seal.previous, before, sealed_at)


EDITS = {
    "code": "UPDATE prm_event SET code = 'test.other' WHERE id = {e[1]}",
    "data": """UPDATE prm_event SET data = '{{"number": 99}}' WHERE id = {e[1]}""",
    "float": """UPDATE prm_event SET data = '{{"number": 2.5}}' WHERE id = {e[1]}""",
    "actor": "UPDATE prm_event SET actor_uid = NULL WHERE id = {e[1]}",
    "target": "UPDATE prm_event SET target_uid = gen_random_uuid() WHERE id = {e[1]}",
    "label": "UPDATE prm_event SET target_label = 'users.other' WHERE id = {e[1]}",
    "instant": "UPDATE prm_event SET at = at - interval '1 microsecond' WHERE id = {e[1]}",
    "uid": "UPDATE prm_event SET uid = gen_random_uuid() WHERE id = {e[1]}",
    "commitment": "UPDATE prm_event SET commitment = repeat('0', 64) WHERE id = {e[1]}",
    "private": """UPDATE prm_event_detail SET private = '{{"note": "other"}}'
                  WHERE event_id = {e[1]}""",
    "salt": "UPDATE prm_event_detail SET salt = 'other' WHERE event_id = {e[1]}",
    "seal digest": "UPDATE prm_seal SET digest = repeat('0', 64) WHERE event_id = {e[1]}",
    "seal time": """UPDATE prm_seal SET sealed_at = sealed_at + interval '1 microsecond'
                    WHERE event_id = {e[1]}""",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_row_is_found(chain, tamper, edit):
    tamper(edit.format(e=[event.pk for event in chain]))
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (Seal.objects.get(event_id=chain[1].pk).number, "edited")


def test_an_edited_link_to_the_previous_is_found(chain, tamper):
    tamper(f"UPDATE prm_seal SET previous = repeat('0', 63) || '1' WHERE event_id = {chain[1].pk}")
    assert verify_tenant().broken.kind == "swapped"


DELETIONS = {
    "event and seal": (
        "DELETE FROM prm_seal WHERE event_id = {e}",
        "DELETE FROM prm_event WHERE id = {e}",
    ),
    "event": ("DELETE FROM prm_event WHERE id = {e}",),
    "seal": ("DELETE FROM prm_seal WHERE event_id = {e}",),
}


@pytest.mark.parametrize("statements", DELETIONS.values(), ids=DELETIONS)
def test_a_deleted_row_is_found(chain, tamper, statements):
    number = Seal.objects.get(event_id=chain[1].pk).number
    tamper(*(statement.format(e=chain[1].pk) for statement in statements))
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (number, "deleted")


def test_a_deletion_that_closes_the_gap_is_found(chain, tamper):
    number = Seal.objects.get(event_id=chain[1].pk).number
    tamper(
        f"DELETE FROM prm_seal WHERE number = {number}",
        f"DELETE FROM prm_event WHERE id = {chain[1].pk}",
        f"UPDATE prm_seal SET number = number - 1 WHERE number > {number}",
    )
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (number, "swapped")


def test_a_deleted_private_part_is_found(chain, tamper):
    tamper(f"DELETE FROM prm_event_detail WHERE event_id = {chain[1].pk}")
    assert verify_tenant().broken.kind == "deleted"


INSERT = """INSERT INTO prm_event (uid, code, target_label, target_uid, at, data, commitment)
            VALUES (gen_random_uuid(), 'test.forged', 'users.user', gen_random_uuid(), now(), '{}', '')"""


def test_an_inserted_event_is_found(chain, tamper):
    tamper(INSERT)
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (events.head().number + 1, "inserted")


def test_an_inserted_seal_is_found(chain, tamper):
    top = events.head().number
    seal = """INSERT INTO prm_seal (number, event_id, previous, digest, sealed_at)
              SELECT {number}, max(id), '{previous}', repeat('1', 64), now() FROM prm_event"""
    tamper(INSERT, seal.format(number=top + 1, previous=events.head().digest))
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (top + 1, "edited")


def test_an_event_taken_out_of_the_queue_is_found(chain, tamper, pat):
    events.record("test.happened", target=pat, actor=None)
    tamper("DELETE FROM prm_pending_seal")
    assert verify_tenant().broken.kind == "inserted"


def test_swapped_events_are_found(chain, tamper):
    one, two = chain[1].pk, chain[3].pk
    number = Seal.objects.get(event_id=one).number
    tamper(
        f"UPDATE prm_seal SET event_id = -1 WHERE event_id = {one}",
        f"UPDATE prm_seal SET event_id = {one} WHERE event_id = {two}",
        f"UPDATE prm_seal SET event_id = {two} WHERE event_id = -1",
    )
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (number, "edited")


def test_swapped_seals_are_found(chain, tamper):
    one, two = (Seal.objects.get(event_id=chain[n].pk).number for n in (1, 3))
    tamper(
        f"UPDATE prm_seal SET number = -1 WHERE number = {one}",
        f"UPDATE prm_seal SET number = {one} WHERE number = {two}",
        f"UPDATE prm_seal SET number = {two} WHERE number = -1",
    )
    broken = verify_tenant().broken
    assert (broken.number, broken.kind) == (one, "swapped")


def test_a_cut_off_tail_is_found_with_a_head_from_outside(chain, tamper):
    known = events.head().digest
    tamper(
        f"DELETE FROM prm_event WHERE id = {chain[-1].pk}",
        f"DELETE FROM prm_seal WHERE event_id = {chain[-1].pk}",
        f"DELETE FROM prm_event_detail WHERE event_id = {chain[-1].pk}",
    )
    assert verify_tenant().holds
    broken = verify_tenant(head=known).broken
    assert (broken.number, broken.kind) == (events.head().number + 1, "truncated")


def test_an_older_head_from_outside_is_still_in_the_chain(chain, pat):
    known = events.head().digest
    events.record("test.happened", target=pat, actor=None)
    events.seal_pending()
    assert verify_tenant(head=known).holds


def test_erasing_an_event_keeps_the_chain(chain, mia):
    head = events.head().digest
    assert events.erase(chain[0], actor=mia) == 1
    detail = EventDetail.objects.get(event=chain[0])
    assert (detail.salt, detail.private) == (None, None)
    assert detail.erased_at is not None
    events.seal_pending()
    assert verify_tenant(head=head).holds


def test_erasing_a_person_reaches_their_events_and_those_that_name_them(chain, pat, sam, mia):
    named = events.record(
        "test.happened", target=sam, actor=mia, private={"name": "Pat"}, persons=[pat.uid]
    )
    other = events.record("test.happened", target=sam, actor=mia, private={"name": "Sam"})
    assert events.erase(pat, actor=mia) == 5
    assert EventDetail.objects.get(event=named).private is None
    assert EventDetail.objects.get(event=other).private == {"name": "Sam"}
    erased = Event.objects.filter(code="ledger.erased").latest("id")
    assert (erased.target_uid, erased.actor_uid, erased.data) == (pat.uid, mia.uid, {"events": 5})
    events.seal_pending()
    assert verify_tenant().holds


def test_erasing_twice_finds_nothing_the_second_time(chain, pat, mia):
    events.erase(pat, actor=mia)
    assert events.erase(pat, actor=mia) == 0


REFUSED = [
    "UPDATE prm_event SET code = 'x.y'",
    "DELETE FROM prm_event",
    "TRUNCATE prm_event CASCADE",
    "UPDATE prm_seal SET digest = ''",
    "DELETE FROM prm_seal",
    "TRUNCATE prm_seal",
    "UPDATE prm_event_detail SET private = '{}'",
    "UPDATE prm_event_detail SET salt = NULL",
    "DELETE FROM prm_event_detail",
    "TRUNCATE prm_event_detail",
]


@pytest.mark.constraints
@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_changes(chain, statement):
    connection.check_constraints()  # a table with checks to come cannot be truncated anyway
    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.constraints
def test_each_tenant_has_its_own_trigger_function(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE p.proname = 'prm_refuse_change' ORDER BY 1"
        )
        found = [row[0] for row in cursor.fetchall()]
    assert found == ["acme", "globex", "ops"]


# --- extracts ------------------------------------------------------------------------------------


@pytest.fixture
def extracted(chain, mia) -> list[str]:
    """An extract with private parts, as lines."""
    stream = io.StringIO()
    write_extract(stream, actor=mia, private=True)
    return stream.getvalue().splitlines()


def test_an_extract_verifies_without_the_portal(extracted, tmp_path):
    file = tmp_path / "ledger.jsonl"
    file.write_text("\n".join(extracted), encoding="utf-8")
    script = ROOT / "prm" / "events" / "extract.py"
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(file)],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(extracted) - 1} links" in done.stdout


def test_an_extract_without_private_parts_still_verifies(chain, mia):
    stream = io.StringIO()
    write_extract(stream, actor=mia)
    assert "Note 1" not in stream.getvalue()
    assert extract.verify_extract(stream.getvalue().splitlines()).holds


def test_an_export_is_recorded(extracted, mia):
    exported = Event.objects.get(code="ledger.exported")
    assert exported.actor_uid == mia.uid
    assert exported.data["head"] == json.loads(extracted[0])["head"]


def test_a_changed_extract_is_found(extracted, tmp_path, capsys):
    changed = [line.replace("Note 2", "Note X") for line in extracted]
    assert extract.verify_extract(changed).broken.kind == "edited"
    file = tmp_path / "ledger.jsonl"
    file.write_text("\n".join(changed), encoding="utf-8")
    assert extract.main([str(file)]) == 1
    assert "BROKEN" in capsys.readouterr().err


def test_a_shortened_extract_is_found(extracted):
    assert extract.verify_extract(extracted[:-1]).broken.kind == "truncated"


def test_an_extract_is_held_against_a_head_from_outside(extracted):
    assert extract.verify_extract(extracted, head="f" * 64).broken.kind == "truncated"


@pytest.mark.parametrize("lines", [[], ["{}"], ["[]"], ['{"format": "other"}']])
def test_what_is_not_an_extract_is_refused(lines):
    with pytest.raises(ValueError, match="not an extract"):
        extract.verify_extract(lines)


@pytest.mark.parametrize("broken", [{"number": "1"}, {"digest": 7}, {"sealed_at": None}])
def test_a_value_of_the_wrong_type_is_refused(extracted, broken):
    line = json.dumps(json.loads(extracted[1]) | broken)
    with pytest.raises(ValueError, match="wrong type"):
        extract.verify_extract([extracted[0], line])


def test_text_that_no_database_could_hold_is_an_edit(extracted):
    number = next(n for n, line in enumerate(extracted) if "Note 1" in line)
    private = extracted[number].replace("Note 1", "\\ud800")
    data = extracted[number].replace('"C1"', '"\\ud800"')
    for changed in (private, data):
        lines = [*extracted[:number], changed, *extracted[number + 1 :]]
        assert extract.verify_extract(lines).broken.kind == "edited"


@pytest.mark.parametrize("line", ["{}", "[]", '{"number": 1, "event": 3}'])
def test_a_broken_line_is_refused(extracted, line):
    with pytest.raises(ValueError, match="not a line"):
        extract.verify_extract([extracted[0], line])


def test_a_link_without_its_event_is_deleted():
    verdict = extract.verify([extract.Link(1, extract.GENESIS, "x", "", None)])
    assert verdict.broken.kind == "deleted"


def test_a_number_that_comes_twice_is_inserted(extracted):
    verdict = extract.verify_extract([*extracted, extracted[-1]])
    assert verdict.broken.kind == "inserted"


# --- the command ---------------------------------------------------------------------------------


def test_verify_ledger_prints_one_line_per_tenant(chain):
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == ["acme", "globex", "ops"]
    assert events.head().digest in lines[0]


def test_verify_ledger_names_the_break(chain, tamper):
    tamper(f"UPDATE prm_event SET code = 'x.y' WHERE id = {chain[1].pk}")
    out = io.StringIO()
    with pytest.raises(CommandError, match="broken: acme"):
        call_command("verify_ledger", "acme", stdout=out)
    assert "acme: BROKEN at seal" in out.getvalue()


def test_verify_ledger_writes_an_extract(chain, tmp_path):
    file = tmp_path / "acme.jsonl"
    call_command("verify_ledger", "acme", extract=str(file), stdout=io.StringIO())
    assert extract.main([str(file)]) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [{"head": "f" * 64}, {"extract": "x"}])
def test_verify_ledger_wants_a_tenant_for_a_head_or_an_extract(arguments):
    with pytest.raises(CommandError, match="Name one tenant"):
        call_command("verify_ledger", **arguments)


@pytest.mark.django_db
def test_verify_ledger_refuses_an_unknown_tenant():
    with pytest.raises(CommandError, match="no tenant"):
        call_command("verify_ledger", "nobody")


# --- the format ----------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


@given(trees)
def test_canonical_json_reads_back_and_has_one_form(tree):
    written = extract.canonical(tree)
    assert json.loads(written) == tree
    assert extract.canonical(json.loads(written)) == written
    assert written == extract.canonical(json.loads(json.dumps(tree, indent=3)))


@given(st.dictionaries(texts, scalars, min_size=2, max_size=6), st.randoms())
def test_canonical_json_does_not_depend_on_the_order_of_keys(tree, random):
    keys = list(tree)
    random.shuffle(keys)
    assert extract.canonical({key: tree[key] for key in keys}) == extract.canonical(tree)


@given(trees, trees)
def test_different_values_have_different_forms(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (extract.canonical(one) == extract.canonical(other)) is same


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": [float("nan")]}, 2**53, {1: "a"}, "\x00", "\ud800", {"\x00": 1}, {1, 2}, b"a"],
)
def test_values_without_one_form_are_refused(value):
    with pytest.raises(extract.NotCanonical):
        extract.canonical(value)


@given(st.lists(texts, max_size=4), st.lists(texts, max_size=4))
def test_fields_cannot_run_into_each_other(one, other):
    assert (extract._digest(*one) == extract._digest(*other)) is (one == other)


def test_the_format_never_changes_silently():
    facts = extract.EventFacts(
        uid="0b0e7a52-0000-4000-8000-000000000001",
        code="registration.approved",
        target_label="registrations.registration",
        target_uid="0b0e7a52-0000-4000-8000-000000000002",
        actor_uid="",
        at="2026-11-21T09:30:00.000000Z",
        data={"b": [1, True, None], "a": "ä"},
        commitment=extract.commitment(b"salt", {"note": "ü"}),
    )
    assert extract.canonical(facts.data) == '{"a":"ä","b":[1,true,null]}'
    assert facts.digest() == "832814197b9b6af81a288b2fb48209c5cf4e106a612185b71331bff1cb92287e"


# --- concurrency ---------------------------------------------------------------------------------


def _together(jobs: list[Callable[[], None]]) -> list[BaseException]:
    """Run jobs at the same instant, each on a connection of its own in acme."""
    barrier, failures = Barrier(len(jobs)), []

    def run(job: Callable[[], None]) -> None:
        try:
            with context.entered("acme"):
                barrier.wait(timeout=10)
                job()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return failures


@pytest.fixture
def unblocked(own_database: str, django_db_blocker) -> Iterator[None]:
    """Real commits in the module's own database."""
    with django_db_blocker.unblock(), context.entered("acme"):
        yield


@pytest.mark.concurrency
def test_writers_and_sealers_at_once_give_one_chain(unblocked):
    from users.models import User

    target = User.objects.get(email="pat@harbor.example")
    before = Event.objects.count()

    def write() -> None:
        for number in range(25):
            with transaction.atomic():
                event = events.record(
                    "test.raced", target=target, actor=None, data={"n": number}, private={"x": "y"}
                )
                if number % 10 == 9:
                    transaction.set_rollback(True)
            assert event.uid != uuid4()

    def seal() -> None:
        for _attempt in range(30):
            events.seal_pending()

    assert _together([write] * 6 + [seal] * 3) == []
    events.seal_pending()
    seals = list(Seal.objects.order_by("number").values_list("number", flat=True))
    assert Event.objects.count() == before + 6 * 23
    assert seals == list(range(1, Event.objects.count() + 1))
    assert verify_tenant(head=events.head().digest).holds
