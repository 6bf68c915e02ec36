"""Backup and restore of one tenant beside the others: its schema, its files, its rows in public."""

from tenants.backups.manifest import BackupRefused, Manifest
from tenants.backups.restoring import Restored, restore
from tenants.backups.switching import switch_over
from tenants.backups.taking import take

__all__ = ["BackupRefused", "Manifest", "Restored", "restore", "switch_over", "take"]
