"""What the portal does when things go wrong: real processes, real connections, real faults."""
