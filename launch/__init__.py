"""The launch kit: builds, starts, supervises and checks the portal with the standard library alone."""
