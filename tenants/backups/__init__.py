"""Backup and restore of one tenant beside the others: its schema, its files, its rows in public."""

from tenants.backups.manifest import BackupRefused, Manifest
from tenants.backups.restoring import Restored, restore
from tenants.backups.switching import require_possible, switch_over
from tenants.backups.taking import take

__all__ = [
    "BackupRefused",
    "Manifest",
    "Restored",
    "require_possible",
    "restore",
    "switch_over",
    "take",
]
