"""The demo: personas, clock bar, mailbox, and the data that a seed makes through the services."""
