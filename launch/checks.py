"""`make check`: everything that is judged without running the portal."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from launch import environment
from launch.instance import Endpoints, Instance
from launch.programs import run_shown
from launch.session import Session
from launch.virtualenv import Interpreter

_IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def commands(python: str) -> list[tuple[str, list[str]]]:
    """Return title and command of every check, quick ones first."""
    manage = [python, "manage.py"]
    return [
        ("lock files", [python, "-m", "launch.lockfiles"]),
        ("ruff", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("import directions", [python, "-c", _IMPORT_LINTER]),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        ("vendored files", [python, "scripts/vendor.py", "check"]),
        ("translations", [python, "scripts/messages.py", "check"]),
        ("mypy", [python, "-m", "mypy", "."]),
    ]


def check(session: Session) -> int:
    """Run every check, also after one failed; return 1 if any did."""
    interpreter = session.packages("dev.lock")
    with databases(session, interpreter) as endpoints:
        env = environment.for_django(
            session.checkout, session.checkout.area("test"), session.environ, endpoints
        )
        failed = [
            title
            for title, command in commands(str(session.checkout.python))
            if not _passes(session, title, command, _for(title, env))
        ]
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return bool(failed)


def _passes(session: Session, title: str, command: list[str], env: dict[str, str]) -> bool:
    print(f"\n--- {title}", flush=True)
    code, _ = run_shown(command, env=env, switch=session.switch, cwd=session.checkout.root)
    return code == 0


def _for(title: str, env: dict[str, str]) -> dict[str, str]:
    """Return the environment of a check: production's for the one that judges production."""
    if title != "check --deploy":
        return {**env, "DJANGO_SETTINGS_MODULE": "prm.settings.dev"}
    return {
        **env,
        "DJANGO_SETTINGS_MODULE": "prm.settings.prod",
        "PRM_SECRET_KEY": secrets.token_urlsafe(64),
        "PRM_DEMO": "0",
    }


@contextmanager
def databases(session: Session, interpreter: Interpreter) -> Iterator[Endpoints]:
    """Yield servers to ask: those of a `make test` that runs just now, or own ones for the while."""
    area = session.checkout.area("test")
    instance = Instance(area)
    owner = instance.owner() if instance.running else None
    if owner and owner.endpoints:
        yield owner.endpoints
        return
    with (
        session.holding("test"),
        session.servers(area, interpreter, durable=False) as running,
    ):
        yield running.endpoints
