"""What a newcomer reads at the end of `make run`."""

PASSWORD = "demo-portal-2026"  # noqa: S105 - of the demo alone, and printed on purpose
PEOPLE = (
    ("pat@harbor.example", "seller at Harbor"),
    ("paula@harbor.example", "partner administrator at Harbor"),
    ("sam@summit.example", "seller at Summit"),
    ("sue@summit.example", "partner administrator at Summit"),
    ("mia@acme.example", "channel manager"),
    ("ada@acme.example", "administrator"),
    ("fin@acme.example", "finance"),
    ("lex@acme.example", "legal"),
    ("ana@acme.example", "analyst"),
    ("lea@callcenter.example", "lead agent"),
    ("olga@operator.example", "operator, at the operators' address"),
)


def address(host: str, port: int, path: str = "/") -> str:
    """Return a portal's address as a browser takes it."""
    return f"http://{host}:{port}{path}" if port != 80 else f"http://{host}{path}"


def panel(port: int, *, demo: bool, log_folder: str) -> str:
    """Return the panel: addresses, who to sign in as, and how to stop."""
    places = [("Every portal and persona", address("localhost", port, "/demo"))] if demo else []
    places += [
        ("Acme Software (English)", address("acme.localhost", port)),
        ("Globex Industrie (German)", address("globex.localhost", port)),
        ("Operators", address("ops.localhost", port)),
    ]
    if demo:
        places.append(("Mailbox", address("acme.localhost", port, "/demo/mail/")))
    lines = ["", "  The portal is up.", ""]
    lines += [f"    {title:<27}{where}" for title, where in places]
    if demo:
        lines += ["", f"  Sign in with the password {PASSWORD} as:", ""]
        lines += [f"    {who:<27}{what}" for who, what in PEOPLE]
        lines += ["", "  Globex has people of its own; the first address lists them."]
    lines += [
        "",
        f"  Logs: {log_folder}",
        "  Ctrl-C stops; data is kept. `make reset` starts over.",
        "",
    ]
    return "\n".join(lines)
