"""One tenant is backed up, damaged and restored beside the others; every row is compared by its bytes.

On a database of its own: schemas are renamed and dropped outside any test's transaction.
"""

import gzip
import io
import json
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from prm import events
from prm.events.models import Event, EventDetail
from prm.events.verify import verify_tenant
from prm.installation.models import Erasure
from prm.tenancy import context
from prm.tenancy.database import connection as tenancy
from prm.uploads import tenant_folder
from tenants import backups, shape
from tenants.backups import copying
from tenants.models import Domain, Tenant
from users.models import User

SUSPENDED = {"suspended_at": "2026-01-01T00:00Z", "suspended_because": "Damaged"}
LIVE = {"suspended_at": None, "suspended_because": ""}
pytestmark = pytest.mark.concurrency


@pytest.fixture(scope="module")
def stand(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield own_database


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker, stand, settings, tmp_path):
    settings.PRM_MEDIA_ROOT = str(tmp_path / "media")
    with django_db_blocker.unblock():
        tenancy.set_schema_to_public()
        yield
        tenancy.set_schema_to_public()


@pytest.fixture
def beside():
    """A name for a schema beside, which is gone afterwards."""
    yield "acme_restored"
    sql("DROP SCHEMA IF EXISTS acme_restored CASCADE")


@pytest.fixture
def backup(tmp_path):
    """A backup of acme with two files."""
    with context.entered("acme"):
        pat = User.objects.get(email="pat@harbor.example")
        events.record("test.happened", target=pat, actor=None, private={"name": "Pat"})
        events.seal_pending()
    folder = tenant_folder("acme") / "proof" / "ab"
    folder.mkdir(parents=True)
    (folder / "one.pdf").write_bytes(b"%PDF one")
    (folder / "two.pdf").write_bytes(b"%PDF two")
    file = tmp_path / "acme.tar.gz"
    call_command("backup_tenant", "acme", to=file, stdout=StringIO())
    return file


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def digests(schema):
    with transaction.atomic():
        return copying.digests_of(schema)


def run(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_what_was_damaged_is_restored_beside_and_others_are_untouched(backup, beside):
    before, other = digests("acme"), digests("globex")
    sql("DELETE FROM acme.notifications_notice")
    sql("TRUNCATE acme.partners_partner CASCADE")
    sql("DROP TABLE acme.prm_due_row")
    damaged = digests("acme")
    try:
        said = run("restore_tenant", backup)
        assert said.startswith("acme_restored: ")
        assert digests("acme_restored") == before
        assert (digests("acme"), digests("globex")) == (damaged, other)
        assert shape.definitions("acme_restored") == shape.definitions("globex")
        assert (tenant_folder(beside) / "proof/ab/two.pdf").read_bytes() == b"%PDF two"
        assert (tenant_folder(beside) / "proof/ab/two.pdf").stat().st_mode & 0o777 == 0o600
    finally:
        _put_back(backup)
    assert digests("acme") == before


def _put_back(file):
    """Switch the backup into place, whatever acme is now."""
    sql("DROP SCHEMA IF EXISTS acme_restored CASCADE")
    Tenant.objects.filter(schema_name="acme").update(**SUSPENDED)
    again = backups.restore(file, "acme_again")
    kept = backups.switch_over(again)
    Tenant.objects.filter(schema_name="acme").update(**LIVE)
    sql(f'DROP SCHEMA "{kept}" CASCADE')


def test_a_restored_tenant_goes_on_where_it_was(backup, beside):
    """Sequences go on, triggers refuse, the chain verifies, and new rows are written."""
    restored = backups.restore(backup, beside)
    tenancy.set_tenant(Tenant(schema_name=beside, uid=restored.manifest.uid))
    last = Event.objects.latest("id").pk
    events.record("test.happened", target=User.objects.first(), actor=None)
    assert Event.objects.latest("id").pk == last + 1
    events.seal_pending()
    assert verify_tenant().holds
    with pytest.raises(Exception, match="rows are only ever added"):
        sql("DELETE FROM prm_event")


def test_who_was_erased_since_is_erased_in_the_restored_data_too(backup, beside):
    with context.entered("acme"):
        pat = User.objects.get(email="pat@harbor.example")
        erased = events.erase(pat, actor=None)
        assert erased
    assert Erasure.objects.filter(subject_uid=pat.uid).exists()
    restored = backups.restore(backup, beside)
    assert restored.erased == erased
    tenancy.set_tenant(Tenant(schema_name=beside, uid=restored.manifest.uid))
    assert not EventDetail.objects.filter(event__target_uid=pat.uid, private__isnull=False).exists()
    assert Event.objects.filter(code="ledger.erased", target_uid=pat.uid).exists()
    assert events.erase_again(since=restored.manifest.at) == 0
    events.seal_pending()
    assert verify_tenant().holds


def test_the_switch_wants_a_suspended_portal_and_keeps_what_was_there(backup, beside):
    with pytest.raises(CommandError, match="Suspend the portal first"):
        run("restore_tenant", backup, in_place=True)
    assert not tenant_folder(beside).exists()  # asked before anything is done
    Tenant.objects.filter(schema_name="acme").update(**SUSPENDED)
    sql("UPDATE acme.users_user SET name = 'Nobody'")
    said = run("restore_tenant", backup, in_place=True)
    kept = said.rsplit(" ", 1)[-1].strip().rstrip(".")
    assert kept.startswith("acme_before_")
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT name FROM "{kept}".users_user')
        assert cursor.fetchall() == [("Nobody",)]
        cursor.execute("SELECT count(*) FROM acme.users_user WHERE name = 'Nobody'")
        assert cursor.fetchone() == (0,)
    assert (tenant_folder("acme") / "proof/ab/one.pdf").exists()
    assert (tenant_folder(kept) / "proof/ab/one.pdf").exists()
    with context.entered("ops"):
        assert Event.objects.filter(code="portal.restored").exists()
    Tenant.objects.filter(schema_name="acme").update(**LIVE)
    sql(f'DROP SCHEMA "{kept}" CASCADE')


def test_a_tenant_that_public_forgot_comes_back_suspended(tmp_path):
    file = tmp_path / "globex.tar.gz"
    run("backup_tenant", "globex", to=file)
    uid = Tenant.objects.get(schema_name="globex").uid
    Domain.objects.filter(tenant__schema_name="globex").delete()
    Tenant.objects.filter(schema_name="globex").delete()
    sql("DROP SCHEMA globex CASCADE")
    assert "kept as" not in run("restore_tenant", file, in_place=True)
    back = Tenant.objects.get(schema_name="globex")
    assert (back.uid, back.host, back.ready) == (uid, "globex.localhost", True)
    assert back.suspended_because == "Restored from a backup"
    Tenant.objects.filter(pk=back.pk).update(**LIVE)
    with context.entered("globex"):
        assert User.objects.exists()


def rewritten(source: Path, target: Path, change):
    """Write an archive anew with one member changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def refused(file, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("restore_tenant", file, schema="acme_never")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('acme_never')")
        assert cursor.fetchone() == (None,)


def test_a_damaged_or_foreign_file_is_refused_and_leaves_nothing(backup, tmp_path):
    def altered(name, content):
        return content + b"x" if name == "rows/users_user" else content

    def without_statements(name, content):
        if name == "statements.json":
            return None
        if name == "manifest.json":
            said = json.loads(content)
            said["members"] = {}
            said["migrations"] = said["migrations"][:-1]
            return json.dumps(said).encode()
        return content

    def other_format(name, content):
        return (
            content.replace(b'"format": 1', b'"format": 9') if name == "manifest.json" else content
        )

    def fewer_columns(name, content):
        if name == "manifest.json":
            said = json.loads(content)
            said["tables"]["users_user"]["columns"].pop()
            return json.dumps(said).encode()
        return content

    refused(rewritten(backup, tmp_path / "a.tar.gz", altered), "rows/users_user is not what")
    refused(rewritten(backup, tmp_path / "b.tar.gz", without_statements), "of another release")
    refused(rewritten(backup, tmp_path / "c.tar.gz", other_format), "format 9")
    refused(
        rewritten(backup, tmp_path / "d.tar.gz", fewer_columns), "not those that its migrations"
    )
    cut = tmp_path / "e.tar.gz"
    cut.write_bytes(backup.read_bytes()[:-500])
    refused(cut, "is damaged")
    text = tmp_path / "f.tar.gz"
    text.write_bytes(gzip.compress(b"no archive"))
    refused(text, "is damaged")
    refused(tmp_path / "none.tar.gz", "is damaged, or no backup")
    with pytest.raises(backups.BackupRefused, match="There is no file"):
        backups.restore(tmp_path / "none.tar.gz", "acme_never")


def test_names_that_are_taken_and_tenants_that_are_none(backup, tmp_path):
    with pytest.raises(CommandError, match="exists already"):
        run("backup_tenant", "acme", to=backup)
    with pytest.raises(CommandError, match="There is no tenant initech"):
        run("backup_tenant", "initech", to=tmp_path / "x.tar.gz")
    with pytest.raises(CommandError, match="name globex is taken"):
        run("restore_tenant", backup, schema="globex")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob(".backup-*")] == []
