"""A worker process for tests: does acme's due work until it is killed, then starts again.

    python -m tests.registrations.import_worker DATABASE

It prints the id of every process that works, so that a test can kill that one.
"""

import os
import sys
import time

import django
from django.conf import settings

BATCH = 7


def work() -> None:
    """Do what is due until killed."""
    from prm import due
    from prm.tenancy import context

    with context.entered("acme"):
        while True:
            if not due.drain():
                time.sleep(0.02)


def main() -> None:
    """Keep one process working; small batches, so that there is much to be killed in."""
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()

    from registrations.services import import_undoing, import_writing

    import_writing.BATCH = import_undoing.BATCH = BATCH
    while True:
        child = os.fork()
        if not child:
            work()
        os.write(1, f"{child}\n".encode())
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
