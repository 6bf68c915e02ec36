"""The panel names every address and everybody the demo promises."""

from launch.panel import PEOPLE, panel


def test_panel_of_the_demo_names_addresses_people_and_the_way_out():
    text = panel(8123, demo=True, log_folder=".local/log")
    for part in (
        "http://acme.localhost:8123/",
        "http://globex.localhost:8123/",
        "http://ops.localhost:8123/",
        "http://localhost:8123/demo",
        "http://acme.localhost:8123/demo/mail/",
        "demo-portal-2026",
        "Ctrl-C stops; data is kept.",
        ".local/log",
        *(person for person, _ in PEOPLE),
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80


def test_panel_without_the_demo_gives_nothing_of_it_away():
    text = panel(8000, demo=False, log_folder="log")
    assert "/demo" not in text
    assert "demo-portal-2026" not in text
    assert "@" not in text


def test_panel_leaves_out_the_usual_port():
    assert "http://acme.localhost/\n" in panel(80, demo=True, log_folder="log")
