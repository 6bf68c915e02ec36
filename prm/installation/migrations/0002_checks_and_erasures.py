from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("installation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tenant_uid", models.UUIDField()),
                ("subject_label", models.CharField(max_length=100)),
                ("subject_uid", models.UUIDField()),
                ("erased_at", models.DateTimeField()),
            ],
            options={
                "db_table": "installation_erasure",
                "indexes": [
                    models.Index(fields=["tenant_uid", "erased_at"], name="erasures of a tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemaCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                ("schemas", models.PositiveIntegerField()),
                ("seconds", models.FloatField()),
                ("findings", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "installation_schema_check",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one installation has one schema check"
                    )
                ],
            },
        ),
    ]
