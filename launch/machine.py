"""What the machine must offer before anything is built on it."""

import os
import shutil
from pathlib import Path

from launch.paths import Checkout
from launch.problems import Problem, not_yours

FIRST_START_MB = 1_000  # environment, download cache, database
LATER_START_MB = 300


def require_room(checkout: Checkout) -> None:
    """Raise Problem when the disk has too little free space for what is about to happen."""
    wanted = LATER_START_MB if checkout.python.exists() else FIRST_START_MB
    free = shutil.disk_usage(checkout.root).free // 1_000_000
    if free < wanted:
        raise Problem(
            f"The disk with {checkout.root} has {free} MB free, and {wanted} MB are needed.",
            "Make room, or move the project to a larger disk.",
        )


def require_writable(checkout: Checkout) -> None:
    """Raise Problem when this account cannot write where the launch keeps things."""
    for folder in (checkout.venv, checkout.local, *_inside(checkout.local)):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise not_yours(str(folder))
    missing = not (checkout.venv.exists() and checkout.local.exists())
    if missing and not os.access(checkout.root, os.W_OK | os.X_OK):
        raise not_yours(str(checkout.root))


def _inside(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir() and entry.name != "pg"]
    except OSError:
        return []


def clear_trash(checkout: Checkout) -> None:
    """Delete what an interrupted `make reset` left."""
    for folder in checkout.root.glob(".local-trash-*"):
        shutil.rmtree(folder, ignore_errors=True)
