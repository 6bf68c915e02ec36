"""The portal's benchmarks: `make bench`, or `python -m benchmarks [name ...]`. See docs/benchmarks.md."""
