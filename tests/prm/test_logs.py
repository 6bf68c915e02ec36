"""Log lines are data: the tenant's and the request's facts are fields, exceptions are one line."""

import json
import logging

import structlog

from prm import logs


def test_an_entry_is_one_json_line(capsys):
    logs.configure({"json": True})
    try:
        structlog.get_logger("prm.test").warning("thing happened", number=7)
        logging.getLogger("other").error("from %s", "elsewhere")
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("other").exception("failed")
    finally:
        lines = capsys.readouterr().err.splitlines()
        logs.configure({"level": "WARNING"})
    entries = [json.loads(line) for line in lines]
    assert entries[0]["event"] == "thing happened"
    assert entries[0]["number"] == 7
    assert entries[0]["logger"] == "prm.test"
    assert entries[1]["event"] == "from elsewhere"
    assert "ValueError: broken" in entries[2]["exception"]
