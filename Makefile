# The portal's commands. Each is `python3 -m launch <command>`; the code is in launch/.
#
#   make run [PORT=8123]       set up, start, and print where to go
#   make test [ARGS="-k foo"]  the whole suite
#   make check                 lint, types, import directions, migrations, deploy checks, lock files
#   make bench                 the benchmarks, one JSON line per figure
#   make drill                 back up, damage, restore and compare one tenant, on servers of its own
#   make seed, make shell      fill the demo again; a Django shell on its data
#   make lock, make messages   renew requirements/*.lock; renew the message catalogues
#   make reset                 delete the portal's data

PORT ?= 8000
ARGS ?=

# The first Python that will do; without one, plain python3 says what is wrong.
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c "$(SUITABLE)" >/dev/null 2>&1 && echo "$$name" && exit; done; echo python3)
# exec: a signal to make must reach the launch itself, not a shell around it.
LAUNCH = $(PYTHON) -m launch

.DEFAULT_GOAL := help
.PHONY: help run test check bench drill seed shell manage lock messages reset venv python

help:
	@sed -n 's/^#   //p' Makefile

run: python
	@exec $(LAUNCH) run --port "$(PORT)"

test: python
	@exec $(LAUNCH) test $(ARGS)

check: python
	@exec $(LAUNCH) check

bench: python
	@exec $(LAUNCH) bench $(ARGS)

drill: python
	@exec $(LAUNCH) bench drill --size 10000

seed: python
	@exec $(LAUNCH) seed

shell: python
	@exec $(LAUNCH) manage shell

manage: python
	@exec $(LAUNCH) manage $(ARGS)

lock: python
	@exec $(LAUNCH) lock $(ARGS)

messages: python
	@exec $(LAUNCH) messages

reset: python
	@exec $(LAUNCH) reset

venv: python
	@exec $(LAUNCH) venv

python:
	@command -v "$(PYTHON)" >/dev/null || { \
	echo "There is no Python ($(PYTHON)) on this machine: install Python 3.11 to 3.13, or name one with PYTHON=..." >&2; exit 1; }
