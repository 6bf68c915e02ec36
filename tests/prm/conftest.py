"""Property tests of the kernel: the same examples on every run, however busy the machine is."""

from hypothesis import settings

settings.register_profile("portal", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("portal")
