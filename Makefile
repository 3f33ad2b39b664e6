# Studybot's commands; `make` alone lists them. The first use sets up $(VENV) from the hash-pinned locks and needs the
# network; later ones don't, until a lock or pyproject.toml changes.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
ARGS ?=

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist worksteal
LOCK := $(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet $(ARGS)
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run setup test test-slow check format cover bench docs words lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo "ARGS=… goes to the program, PYTHON=… picks the interpreter (3.11 or newer) for the first set-up."

run: $(RUNTIME) ## start the bot; its page is at the address that it prints
	@$(VENV)/bin/studybot run $(ARGS)

setup: $(DEVELOPMENT) ## make the environment for development, and nothing else

test: $(DEVELOPMENT) ## run the quick tests
	@$(PYTEST) -m "not slow" $(ARGS)

test-slow: $(DEVELOPMENT) ## run the long proofs
	@$(PYTEST) -m slow $(ARGS)

check: $(DEVELOPMENT) ## lint, format, types, and whether generated files are up to date
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m mypy --no-error-summary
	@$(PY) -c 'import sys; from bot.library import schema; sys.exit(schema.place().read_text("utf-8") != schema.written() \
		and "content/deck.schema.json is out of date: make docs")'

format: $(DEVELOPMENT) ## format, and mend what the linter can
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format --quiet

cover: $(DEVELOPMENT) ## run the quick tests and list the branches that they miss
	@$(PY) -m coverage erase
	@$(PY) -m coverage run -m pytest -m "not slow" $(ARGS)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

bench: $(DEVELOPMENT) ## measure everything in bench/, or what ARGS names
	@for name in $(or $(ARGS),$(filter-out _%,$(notdir $(basename $(wildcard bench/*.py))))); do \
		echo "== $$name"; $(PY) -m bench.$$name || exit 1; \
	done

docs: $(DEVELOPMENT) ## write the generated files anew
	@$(PY) -m bot.library.schema

words: $(DEVELOPMENT) ## bring every language's file up to date with the source; ARGS=fr begins French
	@$(PY) -m bot.words.gather $(ARGS)

lock: $(DEVELOPMENT) ## write both locks anew from pyproject.toml; ARGS=--upgrade takes newer releases
	@$(LOCK) --group build --output-file requirements.lock >/dev/null
	@$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock >/dev/null

clean: ## remove the environment, caches and builds; never data/
	@rm -rf $(VENV) build dist htmlcov .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up: stamps inside the environment say which lock it was made from

define install
@echo "Setting up $(VENV) from $(1): once, a minute or so …"
@$(PIP) install --require-hashes --requirement $(1)
@$(PIP) install --no-deps --no-build-isolation --editable .
endef

$(RUNTIME): requirements.lock pyproject.toml | $(PY)
	$(call install,requirements.lock)
	@touch $@

# Holds everything that the other lock holds, at the same versions, so it makes `run` ready too.
$(DEVELOPMENT): requirements-dev.lock requirements.lock pyproject.toml | $(PY)
	$(call install,requirements-dev.lock)
	@touch $(RUNTIME) $@

$(PY):
	@command -v $(firstword $(PYTHON)) >/dev/null || { \
		echo "There is no '$(PYTHON)' here. Studybot needs Python 3.11 or newer; name yours: make … PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Studybot needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make … PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' comes without its venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
