import django.db.models.deletion
import django.db.models.functions.text
import django_tenants.postgresql_backend.base
import prm.clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "schema_name",
                    models.CharField(
                        db_index=True,
                        max_length=63,
                        unique=True,
                        validators=[django_tenants.postgresql_backend.base._check_schema_name],
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("is_demo", models.BooleanField(default=False)),
                ("ready", models.BooleanField(default=False)),
                ("failure", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=prm.clock.now)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("suspended_at", models.DateTimeField(blank=True, null=True)),
                ("suspended_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("schema_name__regex", "^[a-z][a-z0-9_]{1,40}$")),
                        name="a schema name is short and plain",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="a portal's name is used once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspended_at", None),
                            models.Q(("suspended_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a suspension has a reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("RESERVED", "Name and host reserved"),
                            ("TABLES", "Making the tables"),
                            ("SETTINGS", "Writing the first settings"),
                            ("INVITATION", "Inviting the first administrator"),
                        ],
                        default="RESERVED",
                        max_length=12,
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                ("currency", models.CharField(max_length=3)),
                ("zone", models.CharField(max_length=64)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("administrator_name", models.CharField(blank=True, max_length=120)),
                ("administrator_email", models.EmailField(blank=True, max_length=254)),
                ("asked_by", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DemoSeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=64)),
                ("finished_at", models.DateTimeField()),
                ("last_event", models.BigIntegerField(default=0)),
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="demo_seed",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_primary", models.BooleanField(db_index=True, default=True)),
                ("domain", models.CharField(max_length=253)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("domain",), name="a host name belongs to one portal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("domain__regex", "^[a-z0-9.-]+$")),
                        name="a host name is lower case",
                    ),
                ],
            },
        ),
    ]
