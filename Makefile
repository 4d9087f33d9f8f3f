# Every target does its own set-up from nothing: a virtual environment on Python 3.10 to 3.12.
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NOTE ?= corpus/notes/resident/resident-01.txt
# The shipped example note states no date of service.
ifeq ($(NOTE),corpus/notes/resident/resident-01.txt)
DATE ?= 2025-06-18
endif
PORT ?= 8765
ARGS ?=

.PHONY: help run test train evaluate lint format serve bench docs clean

help: ## Show the targets.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

run: $(STAMP) ## The report of a note; NOTE=my.txt DATE=2025-03-14.
	@$(BIN)/debulk suggest "$(NOTE)" $(if $(DATE),--date "$(DATE)") --format text $(ARGS)

test: $(STAMP) ## All tests; ARGS="tests/test_cli.py -x".
	@$(BIN)/python -m pytest $(ARGS)

train: $(STAMP) ## Rebuild models/debulking from corpus/.
	@$(BIN)/debulk train $(ARGS)

evaluate: $(STAMP) ## Score the model on unseen voices and write its card.
	@$(BIN)/debulk evaluate --card --format text $(ARGS)

lint: $(STAMP) ## Style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP) ## Put the code into the one format.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: $(STAMP) ## The coder's page on this computer; PORT=8765.
	@$(BIN)/debulk serve --port $(PORT) $(ARGS)

bench: $(STAMP) ## The benchmarks.
	@set -e; for file in tests/bench/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file" $(ARGS); done

docs: $(STAMP) ## Write docs/cli.md from the help texts.
	$(BIN)/python -m debulk.cli.manual > docs/cli.md

clean: ## Remove the virtual environment and all caches.
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks build dist

# Installed anew when what is asked for changes; the new environment counts once it is whole.
$(STAMP): pyproject.toml constraints.txt
	@set -eu; \
	good='import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 13))'; \
	if ! { [ -x $(BIN)/python ] && $(BIN)/python -c "$$good" 2>/dev/null; }; then \
	  python=; \
	  for candidate in $${PYTHON:-} python3.12 python3.11 python3.10 python3 python \
	      "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[012]*/bin/python; do \
	    if "$$candidate" -c "$$good" >/dev/null 2>&1; then python=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo 'debulk needs Python 3.10, 3.11 or 3.12 with its venv module, and none was found.' >&2; \
	    echo 'Debian, Ubuntu: apt-get install python3 python3-venv. Or name one: make PYTHON=/path/to/python3.11.' >&2; \
	    exit 2; \
	  fi; \
	  echo "Making $(VENV) with $$("$$python" --version) ..." >&2; \
	  rm -rf $(VENV); "$$python" -m venv $(VENV); \
	fi; \
	echo 'Installing debulk and its pinned dependencies, once ...' >&2; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' >&2; \
	touch $@
