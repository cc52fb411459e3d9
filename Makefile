# Gongxue on one machine. Each target prepares what it needs; a second time that takes no time.
.DEFAULT_GOAL := help
SHELL := /bin/sh

# Python 3.11 or 3.12: the first of these that runs and is one.
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& command -v $$p && break; done)
VENV := .venv/bin
PACKAGES := packages/contracts packages/chassis services/registration services/directory \
	services/notification services/gateway deploy/installation deploy/onemachine

.PHONY: help run stop reset status test chaos check bench bars secrets lock fmt prepare-run prepare-dev

help:
	@echo "make run      start everything on this machine and show where it is (Ctrl-C ends it)"
	@echo "make stop     end it from elsewhere        make status   what runs"
	@echo "make reset    forget all data"
	@echo "make test     run every test               make check    format, lint, types, imports, audit"
	@echo "make chaos    the long crash tests         make bench    measure"
	@echo "make bars     what the bars say that have run"
	@echo "make secrets  make the secret files of docker-compose.yml"
	@echo "make lock     write the lock files anew    make fmt      format the code"

prepare-run prepare-dev: prepare-%:
	@test -n "$(PYTHON)" || { echo "Gongxue needs Python 3.11 or 3.12: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) deploy/onemachine/environments.py $*

run: prepare-run
	@exec $(VENV)/python -m onemachine run

stop status reset: prepare-run
	@exec $(VENV)/python -m onemachine $@

test: prepare-dev
	@$(VENV)/python -m onemachine ready-to-test
	$(VENV)/python -m pytest --durations=10 $(TESTS)

chaos: prepare-dev
	@$(VENV)/python -m onemachine ready-to-test
	CHAOS_FORM=long $(VENV)/python -m pytest tests/chaos

check: prepare-dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy $(PACKAGES) bench
	$(VENV)/lint-imports
	$(VENV)/python -m pytest -q tests/architecture
	@for package in $(PACKAGES); do (cd $$package && ../../$(VENV)/deptry --no-ansi .) || exit 1; done
	@$(VENV)/python deploy/onemachine/audit.py

bench: prepare-dev
	$(VENV)/python -m bench $(BENCH)

bars: prepare-dev
	@$(VENV)/python -m bench bars

secrets:
	@python3 deploy/installation/secret_files.py

fmt: prepare-dev
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

# Our own packages come from this repository, so they have no place in a lock file.
COMPILE := $(VENV)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header \
	--no-emit-package gongxue-contracts --no-emit-package gongxue-chassis --no-emit-package gongxue-installation
PROJECTS := $(addsuffix /pyproject.toml,$(PACKAGES))

lock: prepare-dev
	$(COMPILE) $(UPGRADE) --group pyproject.toml:dev $(PROJECTS) -o requirements-dev.txt
	$(COMPILE) -c requirements-dev.txt $(PROJECTS) -o requirements.txt
	@for folder in services/registration services/directory services/notification services/gateway \
		deploy/installation deploy/onemachine; do \
		$(COMPILE) -c requirements-dev.txt $$folder/pyproject.toml -o $$folder/requirements.txt || exit 1; done
	$(COMPILE) $(UPGRADE) deploy/onemachine/store-requirements.in -o deploy/onemachine/store-requirements.txt
