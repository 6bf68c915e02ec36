"""A column that old code does not know, on the largest table of a tenant."""

from django.db import migrations

COLUMN = "benched"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("registrations", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [f"ALTER TABLE registrations_registration ADD COLUMN {COLUMN} integer NULL"],
            [f"ALTER TABLE registrations_registration DROP COLUMN {COLUMN}"],
        )
    ]
