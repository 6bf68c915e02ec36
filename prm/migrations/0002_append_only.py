"""Events, seals and rule versions are only ever added; private parts are only ever erased."""

from django.db import migrations

from prm.events.sql import OPERATIONS


class Migration(migrations.Migration):
    dependencies = [("prm", "0001_initial")]

    operations = OPERATIONS
