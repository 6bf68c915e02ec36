"""Run several management commands in one process, inside .venv.

Loading Django is most of what a command costs that finds nothing to do, and every start runs two such.
"""

import sys


def main(commands: list[str]) -> int:
    """Run the commands in order; the first that fails ends it."""
    import django  # noqa: PLC0415 - the rest of the launch kit lives without it
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    for command in commands:
        call_command(command)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
