# `make` alone lists what there is.
PYTHON ?= python3
PORT ?= 8000
REQUIRE ?=
RUN := .venv/bin/python
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

export REQUIRE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench lock fmt clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## the environment, pinned packages, front-end files and catalogues; nothing is started
	@$(PYTHON) tools/bootstrap.py base

demo: setup ## the site with the demo district in it, at 127.0.0.1:8000; PORT= changes it
	@exec .venv/bin/shuniu demo --serve --port $(PORT)

test: setup-test ## every check and every test, on SQLite and PostgreSQL; REQUIRE=all fails on a skip
	@$(RUN) tools/test.py all

check: setup-test ## what takes seconds: format, lint, types, contracts, catalogues, migrations
	@$(RUN) tools/test.py check

bench: setup ## the measured figures of the registry, one JSON line each
	@.venv/bin/shuniu bench registry

lock: ## resolve the dependencies anew; needs uv and npm, keeps no address
	$(LOCK) pyproject.toml -o requirements/base.txt
	$(LOCK) pyproject.toml --group test -o requirements/test.txt
	$(LOCK) --group node -o requirements/node.txt
	npm install --package-lock-only --ignore-scripts
	$(PYTHON) tools/lock.py

fmt: setup-test ## format Python and templates, sort imports
	@$(RUN) -m ruff check --fix-only --quiet . && $(RUN) -m ruff format --quiet .
	@git ls-files -z --cached --others --exclude-standard 'src/*.html' | xargs -0r .venv/bin/djade --target-version 5.2

clean: ## remove what `make` made, but not the data in var/
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src -name '*.mo' -delete

.PHONY: setup-test
setup-test:
	@$(PYTHON) tools/bootstrap.py test
