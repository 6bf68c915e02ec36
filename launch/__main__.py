"""`python3 -m launch run`: refuse an unsuitable Python in words, then hand over to the commands.

Kept readable for every Python since 2.7, so that an old one gets the sentence and not a traceback.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)
UNSUITABLE = (
    "The portal runs on Python 3.11 to 3.13, and this is {} ({}): "
    "name another one, for example `make run PYTHON=python3.12`."
)
INCOMPLETE = (
    "This Python lacks a part of its standard library ({}): "
    "install the full package, for example `apt-get install python3`."
)

if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(UNSUITABLE.format(sys.version.split()[0], sys.executable))

try:
    from launch.commands import main
except ImportError as error:
    sys.exit(INCOMPLETE.format(error))

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
