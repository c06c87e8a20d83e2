# 回应 Huiying: what a person runs. `make help` explains every target.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 9200
AIRFLOW_PORT ?= 8680
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11
# Compiled code is kept: without it every crawl would compile Scrapy again.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

# Standard output belongs to what a target prints: set-up tells its course on standard error.
$(BIN)/uv: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.11 …")'
	@echo 'installing what the project needs into $(VENV)' >&2
	@$(PYTHON) -m venv $(VENV) >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt >&2
	@touch $@

$(VENV)/base: $(BIN)/uv requirements/base.txt pyproject.toml
	@$(INSTALL) --require-hashes -r requirements/base.txt >&2
	@$(INSTALL) --no-deps --no-build-isolation -e . >&2
	@touch $@

$(VENV)/dev: $(VENV)/base requirements/dev.txt
	@$(INSTALL) --require-hashes -r requirements/dev.txt >&2
	@touch $@

demo: $(VENV)/base ## the main job on example posts, embedded store; ARGS="--no-serve --json" passes arguments on
	@$(BIN)/huiying demo $(ARGS)

check: $(VENV)/dev ## style, types, import rule, configuration, copied blocks, sizes (≤ 2 min)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	$(BIN)/huiying config check
	$(BIN)/huiying config check --config config/examples/hangzhou
	$(BIN)/pylint --disable=all --enable=duplicate-code --min-similarity-lines=8 --ignore-imports=yes --ignore-signatures=yes \
		casework crawlers nlp alerting pipeline dags dashboards
	$(BIN)/pytest -q tests/architecture

test: check ## check and all tests (≤ 10 min); what cannot run here is named in the last line
	$(BIN)/pytest -q -n 2 --dist loadgroup --ignore tests/architecture -m "not floors" $(ARGS)

lock: $(BIN)/uv ## make the hashed requirement files anew from pyproject.toml
	$(COMPILE) --extra airflow --extra dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --extra airflow -c requirements/dev.txt pyproject.toml -o requirements/airflow.txt
	$(COMPILE) -c requirements/dev.txt pyproject.toml -o requirements/base.txt
	$(COMPILE) --extra peers -c requirements/dev.txt pyproject.toml -o requirements/peers.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt

calendar: $(VENV)/dev ## make config/calendar/*.yml anew (first write the new year's notice in pipeline/calendars.py)
	$(BIN)/python -m pipeline.calendars

elasticsearch: $(VENV)/base ## start a real Elasticsearch on loopback; prints its URL last (PORT=9200)
	@$(BIN)/python -m pipeline.servers.elasticsearch start --port $(PORT)

elasticsearch-stop: $(VENV)/base ## stop the Elasticsearch that `make elasticsearch` started
	@$(BIN)/python -m pipeline.servers.elasticsearch stop

airflow: $(VENV)/dev ## start Airflow with our DAGs on loopback (AIRFLOW_PORT=8680), until Ctrl-C
	@$(BIN)/python -m pipeline.servers.airflow --port $(AIRFLOW_PORT)

peers: $(VENV)/dev ## what some figures of the bench are measured against (jionlp)
	@$(INSTALL) --require-hashes -r requirements/peers.txt >&2

bench: $(VENV)/dev ## figures of one run against their peers and bounds
	@$(BIN)/huiying bench all $(ARGS)

proof: $(VENV)/dev ## the floors of the larger sets, and the counted run on a tenth of the real input (needs ../shared)
	$(BIN)/pytest -q -n 2 -m floors tests/unit/nlp
	$(BIN)/python -m pipeline.proof --tenth $(ARGS)

proof-full: $(VENV)/dev ## the counted run on all of it, and the ten kills; result for docs/measurements.md
	$(BIN)/python -m pipeline.proof $(ARGS)

proof-kills: $(VENV)/dev ## a crawl of 5,000 pages killed 50 times: nothing lost, nothing doubled, ≤ 2 % fetched twice
	$(BIN)/python -m pipeline.proof.kills $(ARGS)

proof-month: $(VENV)/dev ## a simulated month of a city: every alarm compared with an independent reckoner (some hours)
	$(BIN)/python -m pipeline.proof.month $(ARGS)

proof-chaos: $(VENV)/dev ## eight workers, kills of them and of Elasticsearch, a channel that fails: as in quiet (make elasticsearch PORT=9391 first)
	$(BIN)/python -m pipeline.proof.chaos $(ARGS)

vendor: $(BIN)/uv ## fetch anew the scripts of others that the pages use (needs npm)
	@$(PYTHON) -m dashboards.vendored

docs: $(VENV)/dev ## build the documentation into site/
	$(BIN)/mkdocs build --strict -q

clean: ## remove what was installed and made here (not var/, which holds data)
	rm -rf $(VENV) site build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help demo check test lock calendar elasticsearch elasticsearch-stop airflow peers bench proof proof-full proof-kills proof-month proof-chaos vendor docs clean
