"""Old code serves while tenants migrate: what a migration may not do to the tables it reads and writes.

Expand, deploy, contract; CONTRIBUTING.md says how. A migration that takes something away says with
`old_code_serves = "why"` since which release nothing uses it.
"""

import pytest
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

BEFORE = {
    "catalog": 3, "companies": 5, "installation": 1, "leads": 1, "notifications": 2, "partners": 3,
    "prm": 4, "registrations": 4, "tenants": 2, "users": 2,
}  # fmt: skip
"""The newest migrations when the rule began; nobody serves beside them any more."""
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def number(name):
    return int(name.split("_")[0])


def ours():
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    labels = {
        entry.rsplit(".", 1)[-1] for entry in settings.INSTALLED_APPS if "django" not in entry
    }
    return [
        migration
        for (app, name), migration in sorted(disk.items())
        if app in labels - {"account", "mfa"} and number(name) > BEFORE.get(app, 0)
    ]


def breaks(migration):
    """Return what code of the release before could not live with."""
    if getattr(migration, "old_code_serves", ""):
        return []
    made = {
        operation.name_lower
        for operation in migration.operations
        if isinstance(operation, migrations.CreateModel)
    }
    found = []
    for operation in migration.operations:
        if getattr(operation, "model_name_lower", None) in made:
            continue
        if isinstance(operation, TAKES_AWAY):
            found.append(operation.describe())
        if isinstance(operation, migrations.AddField) and not optional(operation.field):
            found.append(
                f"{operation.describe()}: NOT NULL, and the database has no default for it"
            )
    return found


def optional(field):
    """Return whether a row can be written by code that does not know the column."""
    if field.many_to_many or isinstance(field, models.GeneratedField):
        return True
    return field.null or field.db_default is not models.NOT_PROVIDED


def test_no_migration_breaks_the_code_that_still_serves():
    assert {f"{m.app_label}.{m.name}": breaks(m) for m in ours() if breaks(m)} == {}


def test_the_rule_knows_every_app_that_has_migrations():
    assert {m.app_label for m in ours()} <= {
        entry.rsplit(".", 1)[-1] for entry in settings.INSTALLED_APPS
    }
    assert set(BEFORE) <= {entry.rsplit(".", 1)[-1] for entry in settings.INSTALLED_APPS}


@pytest.mark.parametrize(
    ("operation", "harmless"),
    [
        (migrations.AddField("user", "x", models.IntegerField(null=True)), True),
        (migrations.AddField("user", "x", models.IntegerField(db_default=0)), True),
        (migrations.AddField("user", "x", models.IntegerField(default=0)), False),
        (migrations.AddField("user", "x", models.TextField()), False),
        (migrations.RemoveField("user", "x"), False),
        (migrations.RenameField("user", "x", "y"), False),
        (migrations.DeleteModel("User"), False),
        (migrations.RunSQL("SELECT 1"), True),
    ],
)
def test_the_rule(operation, harmless):
    migration = migrations.Migration("0009_x", "users")
    migration.operations = [operation]
    assert (breaks(migration) == []) is harmless
    migration.old_code_serves = "nothing has read it since 0.3"
    assert breaks(migration) == []


def test_a_table_of_the_same_migration_is_nobodys_yet():
    migration = migrations.Migration("0009_x", "users")
    migration.operations = [
        migrations.CreateModel("Fresh", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("fresh", "x", models.TextField()),
    ]
    assert breaks(migration) == []
