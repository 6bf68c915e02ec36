"""Proof of work done, not of a process that merely exists."""

from celery import shared_task
from django.db import connection


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Note that beat rang, the broker delivered and a worker reached the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.installation_heartbeat (id, beat_at) VALUES (1, clock_timestamp()) "
            "ON CONFLICT (id) DO UPDATE SET beat_at = EXCLUDED.beat_at"
        )
