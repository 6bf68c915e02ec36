"""What docker-compose.yml and the Dockerfile say, read and run: no containers here, but their commands are real.

Images, volumes and networks are not tried; each service's command is started as written, with its
environment, and stopped by the signal that a stop sends.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("prepare", "web", "worker", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text()
VARIABLE = re.compile(r"\$\{(\w+)(?::[-?]([^}]*))?\}")


def command_of(service):
    """Return a service's command; web's is the image's own."""
    if "command" in SERVICES[service]:
        return [str(word) for word in SERVICES[service]["command"]]
    return json.loads(re.search(r"^CMD (\[.*\])", DOCKERFILE.replace("\\\n", ""), re.M).group(1))


def test_every_service_is_there_and_says_when_it_is_healthy():
    assert set(SERVICES) == {*OURS, "database", "queue", "mailpit"}
    silent = {name for name, service in SERVICES.items() if "healthcheck" not in service}
    assert silent == {"prepare"}  # it ends
    for name in ("web", "worker", "beat"):
        wanted = SERVICES[name]["depends_on"]
        assert wanted["prepare"] == {"condition": "service_completed_successfully"}
        assert wanted["database"] == wanted["queue"] == {"condition": "service_healthy"}
    assert SERVICES["mailpit"]["profiles"] == ["trial"]


def test_what_must_be_set_is_named_at_the_top():
    text = (ROOT / "docker-compose.yml").read_text()
    head = text[: text.index("name: portal")]
    asked = {name for name, default in VARIABLE.findall(text) if default.startswith("set it")}
    assert asked == {name for name in asked if name in head}
    assert asked == {"POSTGRES_PASSWORD", "EMAIL_URL", "PRM_SECRET_KEY", "PRM_BASE_DOMAIN"}


def test_a_stop_is_longer_than_what_it_waits_for():
    granian = command_of("web")
    patience = int(granian[granian.index("--workers-kill-timeout") + 1])
    assert patience < seconds(SERVICES["web"]["stop_grace_period"])
    from django.conf import settings

    soft = settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT
    assert soft < seconds(SERVICES["worker"]["stop_grace_period"])
    assert SERVICES["worker"]["environment"]["REMAP_SIGTERM"] == "SIGQUIT"


def seconds(text):
    return int(text.removesuffix("s"))


def test_the_environment_is_what_the_settings_read():
    read = (ROOT / "prm/settings/base.py").read_text() + (ROOT / "prm/settings/prod.py").read_text()
    read += (ROOT / "prm/settings/dev.py").read_text()
    for service in OURS:
        for name in SERVICES[service]["environment"]:
            assert f'"{name}"' in read or name == "REMAP_SIGTERM", name


@pytest.fixture(scope="module")
def stand(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        entry = connection.settings_dict
        where = {"host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"]}
        where |= {"password": entry["PASSWORD"]}
        query = urlencode({key: value for key, value in where.items() if value})
        connection.close()
        yield f"postgresql:///{entry['NAME']}?{query}"


@pytest.fixture
def start(stand, tmp_path):
    """`start("web", port=...)` runs a service's command as the container would."""
    running = []

    def go(words, service="web", **replaced):
        env = {**os.environ, **SERVICES[service]["environment"]}
        queue = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/9"  # no other test's jobs are in it
        env |= {"DATABASE_URL": stand, "REDIS_URL": queue}
        env |= {"EMAIL_URL": "smtp://mailpit:1025", "PRM_SECRET_KEY": "x" * 50, "PRM_DEMO": "0"}
        env |= {"PRM_BASE_DOMAIN": "localhost", "PRM_TRUSTED_PROXIES": "1"}
        env |= {"DJANGO_SETTINGS_MODULE": "prm.settings.prod", "PRM_LOCAL_DIR": str(tmp_path)}
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        words = [replaced.get(word, word) for word in words]
        log = (tmp_path / "log.txt").open("w+")
        process = subprocess.Popen(words, env=env, cwd=ROOT, stdout=log, stderr=log)
        running.append(process)
        process.log = tmp_path / "log.txt"
        return process

    yield go
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(found, process, patience=40):
    """Wait for a condition while the process lives."""
    deadline = time.monotonic() + patience
    while not found():
        assert process.poll() is None, process.log.read_text()
        assert time.monotonic() < deadline, process.log.read_text()
        time.sleep(0.1)


def stopped(process, patience):
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=patience)


@pytest.mark.concurrency
def test_prepare_finds_nothing_to_do(start):
    process = start(command_of("prepare"), "prepare")
    assert process.wait(timeout=60) == 0, process.log.read_text()


@pytest.mark.concurrency
def test_web_answers_its_health_check_and_stops_when_told(start):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    granian = command_of("web")
    process = start(granian, **{"8000": port, "0.0.0.0": "127.0.0.1"})
    check = SERVICES["web"]["healthcheck"]["test"]
    url = re.search(r"'(http://[^']+)'", check[-1]).group(1).replace("8000", port)

    def healthy():
        try:
            return urllib.request.urlopen(url, timeout=3).status == 200
        except (urllib.error.URLError, OSError):
            return False

    until(healthy, process)
    workers = int(granian[granian.index("--workers") + 1])
    # a worker that is still starting does not hear the signal and is ended after the patience
    until(lambda: process.log.read_text().count("Started worker-") == workers, process)
    assert stopped(process, 10) == 0


@pytest.mark.concurrency
def test_a_worker_answers_its_health_check_and_stops_when_told(start):
    process = start(command_of("worker"), "worker", **{"4": "1"})
    until(lambda: " ready." in process.log.read_text(), process)
    kind, line = SERVICES["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    line = line.replace("$$HOSTNAME", socket.gethostname())
    asked = start(["sh", "-c", line], "worker")
    assert asked.wait(timeout=60) == 0, asked.log.read_text()
    began = time.monotonic()
    stopped(process, seconds(SERVICES["worker"]["stop_grace_period"]))
    assert time.monotonic() - began < 20  # it had nothing to finish


@pytest.mark.concurrency
def test_beat_asks_for_work_and_its_health_check_wants_it_done(start, tmp_path):
    process = start(command_of("beat"), "beat", **{"/tmp/schedule": str(tmp_path / "schedule")})
    until(lambda: "beat: Starting" in process.log.read_text(), process)
    asked = start(SERVICES["beat"]["healthcheck"]["test"][1:], "beat")
    assert asked.wait(timeout=60) == 1  # nobody worked yet
    assert "no heartbeat lately" in asked.log.read_text()
    assert stopped(process, 20) == 0


def test_the_heartbeat_is_told(db):
    from io import StringIO

    from django.core.management import CommandError, call_command

    from prm.installation.tasks import heartbeat

    with pytest.raises(CommandError):
        call_command("check_heartbeat")
    heartbeat()
    out = StringIO()
    call_command("check_heartbeat", stdout=out)
    assert "s old" in out.getvalue()
