from datetime import timedelta

from django.db import migrations, models


def _extension(name):
    return migrations.RunSQL(
        f"CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA public", migrations.RunSQL.noop
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        # In public: inside a tenant's schema, dropping that tenant would drop other tenants' constraints.
        _extension("btree_gist"),
        _extension("pg_trgm"),
        _extension("unaccent"),
        migrations.CreateModel(
            name="InstallationClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shift", models.DurationField(default=timedelta)),
            ],
            options={
                "db_table": "installation_clock",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one installation has one clock"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("beat_at", models.DateTimeField()),
            ],
            options={
                "db_table": "installation_heartbeat",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one installation has one heartbeat"
                    )
                ],
            },
        ),
    ]
