"""An export holds everything of one portal and nothing of another, and is kept for some days."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from prm import clock, events
from prm.events.sealing import seal_pending
from prm.tenancy import context
from prm.uploads import tenant_folder
from tenants import archive, exports, services, tasks
from tenants.models import Export, Tenant
from users.models import User


def _acme():
    return Tenant.objects.get(schema_name="acme")


@pytest.fixture(scope="module")
def written(own_database, django_db_blocker, tmp_path_factory):
    """Acme's export, made on a database of its own; the archive opened."""
    with django_db_blocker.unblock():
        with context.entered("acme"):
            events.record("test.happened", target=User.objects.first(), actor=None)
            seal_pending()
        folder = tenant_folder("acme") / "logos"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kwfile.png").write_bytes(b"kwfile")
        connection.set_schema_to_public()
        target = tmp_path_factory.mktemp("export") / "acme.zip"
        call_command("export_portal", "acme.localhost", to=target)
        yield ZipFile(target)


@pytest.fixture
def unblocked(written, django_db_blocker):
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        yield


def _rows(archive, table):
    return list(csv.DictReader(io.StringIO(archive.read(f"data/{table}.csv").decode())))


@pytest.mark.concurrency
def test_every_table_is_there_with_every_row(written, unblocked):
    about = list(csv.DictReader(io.StringIO(written.read("tables.csv").decode())))
    with context.entered("acme"), connection.cursor() as cursor:
        for line in about:
            table = line["file"].removeprefix("data/").removesuffix(".csv")
            cursor.execute(f'SELECT count(*) FROM acme."{table}"')
            count = cursor.fetchone()[0]
            if table != "prm_event":  # the export's own
                assert (table, len(_rows(written, table))) == (table, count)
            assert int(line["rows"]) == len(_rows(written, table))
    people = {row["email"] for row in _rows(written, "users_user")}
    assert "ada@acme.example" in people
    assert not [email for email in people if "globex" in email]


@pytest.mark.concurrency
def test_no_secret_leaves(written):
    assert {"password", "secret"} & set(_rows(written, "users_user")[0]) == set()
    names = written.namelist()
    assert [name for name in names if "session" in name or "authenticator" in name] == []
    columns = [
        row["column"] for row in csv.DictReader(io.StringIO(written.read("columns.csv").decode()))
    ]
    suspicious = [c for c in columns if "password" in c or "secret" in c or c.endswith("_hash")]
    assert set(suspicious) <= {"body_hash"}


@pytest.mark.concurrency
def test_files_and_the_ledger_are_there_and_it_verifies_offline(written, tmp_path):
    assert written.read("files/logos/kwfile.png") == b"kwfile"
    written.extract("ledger.jsonl", tmp_path)
    written.extract("verify_ledger.py", tmp_path)
    check = [sys.executable, "-I", "verify_ledger.py", "ledger.jsonl"]
    said = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "The chain holds" in said.stdout
    lines = (tmp_path / "ledger.jsonl").read_text().splitlines()
    changed = json.loads(lines[1])
    changed["event"]["code"] = "test.forged"
    (tmp_path / "ledger.jsonl").write_text("\n".join([lines[0], json.dumps(changed), *lines[2:]]))
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@pytest.mark.concurrency
def test_columns_are_explained(written):
    about = {
        (row["file"], row["column"]): row
        for row in csv.DictReader(io.StringIO(written.read("columns.csv").decode()))
    }
    state = about["data/registrations_registration.csv", "state"]
    assert "APPROVED=" in state["values"]
    company = about["data/registrations_registration.csv", "company_id"]
    assert company["refers to"] == "data/companies_company.csv"
    assert "Acme Software, as it was at" in written.read("README.txt").decode()


@pytest.mark.concurrency
def test_the_row_knows_the_archive_and_the_ledger_knows_both(written, unblocked):
    export = Export.objects.get(tenant=_acme())
    path = exports.path_of(export)
    assert export.size == path.stat().st_size > 0
    assert export.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_mode & 0o077 == 0
    with context.entered("ops"):
        found = list(events.timeline(_acme()).order_by("pk"))
    assert [event.code for event in found][-2:] == ["portal.export-asked", "portal.exported"]
    assert found[-1].data["sha256"] == export.sha256


@pytest.mark.concurrency
def test_a_failure_is_kept_and_leaves_no_half_file(written, unblocked, monkeypatch):
    def fail(stream):
        stream.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(archive, "write", fail)
    export = exports.ask_export(Tenant.objects.get(schema_name="globex"), actor=None)
    with pytest.raises(OSError, match="No space"):
        exports.write(export)
    export.refresh_from_db()
    assert export.failure == "OSError: No space left on device"
    assert list(exports.path_of(export).parent.glob(f"{export.uid}*")) == []
    assert exports.ask_export(export.tenant, actor=None).is_waiting  # it may be asked for again


def _finished(**values):
    export = Export.objects.create(tenant=_acme())
    path = exports.path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK kwarchive")
    now = clock.now()
    values = {"finished_at": now, "until": now + exports.timedelta(days=7), "size": 12, **values}
    exports._save(export, **values)
    return export


def test_not_twice_at_once(db, monkeypatch):
    queued = []
    monkeypatch.setattr(
        "tenants.tasks.write_export.apply_async", lambda args, **options: queued.extend(args)
    )
    export = exports.ask_export(_acme(), actor=None)
    with pytest.raises(services.NotPossibleNow, match="already"):
        exports.ask_export(_acme(), actor=None)
    with pytest.raises(IntegrityError, match="exported once at a time"), transaction.atomic():
        Export.objects.create(tenant=_acme())
    tasks.tick()
    assert queued == [str(export.uid)]


def test_after_its_days_the_archive_is_gone(db, travel):
    export = _finished()
    travel(days=6)
    assert exports.remove_expired() == 0
    travel(days=2)
    assert exports.remove_expired() == 1
    assert not exports.path_of(export).exists()
    assert not Export.objects.exists()


@pytest.mark.constraints
def test_a_finished_export_has_its_last_day(db):
    with pytest.raises(IntegrityError, match="has its last day"), transaction.atomic():
        Export.objects.create(tenant=_acme(), finished_at=clock.now())


def test_from_the_page(browse, olga, monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr(
        "tenants.tasks.write_export.apply_async", lambda args, **options: queued.extend(args)
    )
    console, url = browse(olga, "ops"), f"/tenants/{_acme().uid}/"
    with django_capture_on_commit_callbacks(execute=True):
        assert console.post(f"{url}export/").url == url
    export = Export.objects.get()
    assert queued == [str(export.uid)]
    assert "Being written" in console.get(url).content.decode()
    assert console.post(f"{url}export/").status_code == 303
    assert Export.objects.count() == 1
    fetch = f"/tenants/exports/{export.uid}/"
    assert console.get(fetch).status_code == 405
    assert console.post(fetch).status_code == 303
    Export.objects.all().delete()
    export = _finished()
    page = console.get(url).content.decode()
    assert "12" in page
    assert "Download" in page
    answer = console.post(f"/tenants/exports/{export.uid}/")
    assert b"".join(answer.streaming_content) == b"PK kwarchive"
    assert "attachment" in answer["Content-Disposition"]
    assert "Export downloaded" in console.get(url).content.decode()


def test_only_an_operator_exports_and_never_the_console(ada, olga):
    with pytest.raises(PermissionDenied):
        exports.ask_export(_acme(), actor=ada)
    with pytest.raises(PermissionDenied):
        exports.fetch(_finished(), actor=ada)
    with context.entered("ops"), pytest.raises(PermissionDenied):
        exports.ask_export(Tenant.objects.get(schema_name="ops"), actor=olga)
    with pytest.raises(CommandError):
        call_command("export_portal", "ops.localhost")


def test_a_portal_without_data_is_not_exported(db):
    tenant = services.reserve_tenant(services.NewTenant("", "Initech", "initech.localhost"))
    with pytest.raises(services.NotPossibleNow, match="no data"):
        exports.ask_export(tenant, actor=None)
