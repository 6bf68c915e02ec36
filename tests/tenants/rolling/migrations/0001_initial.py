"""A column in every tenant; where a table `refuse_me` is, the statement before it fails."""

from django.db import migrations

SLOWLY = "SELECT pg_sleep(0.2)"
REFUSED = (
    "SELECT 1 / (1 - count(*)) FROM pg_tables"
    " WHERE schemaname = current_schema() AND tablename = 'refuse_me'"
)
COLUMN = "ALTER TABLE users_user ADD COLUMN rolled integer"


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]
    operations = [migrations.RunSQL([SLOWLY, REFUSED, COLUMN])]
