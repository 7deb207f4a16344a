# make run and make test are all that a newcomer needs; each builds the virtual environment it runs in.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

# What a program has compiled, the hundreds that the tests start need not compile again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo chaos test check packages lock clean

run: $(VENV)/run.lock            ## server, bank and worker on this machine, until Ctrl-C
	@exec $(BIN)/python -m embedded run

demo: $(VENV)/run.lock           ## the eight cases to their end, then stop
	@exec $(BIN)/python -m embedded demo

chaos: $(VENV)/run.lock          ## ten minutes in which everything fails; exits 1 when anything is lost
	@exec $(BIN)/python -m chaos $(ARGS)

test:                            ## everything; the tests in two processes, which wait most of their time
	@$(MAKE) --no-print-directory --jobs 2 --output-sync packages $(VENV)/dev.lock
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest --numprocesses 2

check: $(VENV)/dev.lock          ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

packages:                        ## PostgreSQL and Chromium for the tests, from the system's own packages
	@.ci/packages

lock: $(VENV)/dev.lock           ## newest versions within pyproject.toml, with hashes and without addresses
	rm -f requirements.lock requirements-dev.lock
	$(call compile,requirements.lock)
	$(call compile,requirements-dev.lock,--extra dev --constraint requirements.lock)

compile = $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(2) --output-file $(1) pyproject.toml

$(VENV)/run.lock: requirements.lock | $(VENV)/bin/python
	@echo 'Installing the libraries into $(VENV); this takes a minute, once ...'
	$(INSTALL) --requirement requirements.lock
	@cp requirements.lock $@

$(VENV)/dev.lock: requirements-dev.lock | $(VENV)/bin/python
	@echo 'Installing the libraries and tools into $(VENV); this takes a minute or two, once ...'
	$(INSTALL) --requirement requirements-dev.lock
	@cp requirements-dev.lock $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON.") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'Python cannot make virtual environments; install python3-venv.'; exit 1; }

clean:                           ## everything that was built; complaints in .data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
