# Two commands matter: `make run` serves the site, `make test` tests it. Each does its own set-up.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
NODE_MODULES := node_modules
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONDONTWRITEBYTECODE =# compiled code is kept: each process of the tests, and each child, would compile it anew

.DEFAULT_GOAL := help
.PHONY: help install run dev test coverage bench lint format editor seed clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

install: $(VENV)/.ready ## Prepare the environment only, as docs/despliegue.md does before a service starts
run: $(VENV)/.ready ## Set up everything and serve the site on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(BIN)/python manage.py serve

dev: $(VENV)/.ready-dev ## Serve while writing code: DEBUG on, reloads by itself
	@DEBUG=true $(BIN)/python manage.py serve --prepare-only
	@DEBUG=true $(BIN)/python manage.py runserver $(PORT)

test: $(VENV)/.ready-dev ## Run all the tests that this machine can run
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

BRANCHES := 85# per cent: what the suite reaches, rounded down; processes of their own (serve, gunicorn) are not seen
coverage: $(VENV)/.ready-dev ## Run all the tests and print the branch coverage, which has a floor
	@mkdir -p var
	@PYTHONWARNINGS=ignore::RuntimeWarning $(BIN)/python -m slipcover --branch --omit '*/migrations/*' \
		--source inspection,search,resources,participation,maintenance,tables,reading,backups,portal --json --out var/branches.json \
		-m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)
	@$(BIN)/python -m tests.branch_coverage var/branches.json $(BRANCHES)

bench: $(VENV)/.ready-dev ## Measure speed and memory, and write docs/rendimiento.md (some ten minutes)
	@$(BIN)/python -m bench.report $(ARGS)

lint: $(VENV)/.ready-dev $(NODE_MODULES)/.ready ## Check format, style, types and migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@git ls-files -- 'templates/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	@$(BIN)/node $(NODE_MODULES)/@biomejs/biome/bin/biome lint --error-on-warnings
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/mypy

format: $(VENV)/.ready-dev ## Format code and templates
	@$(BIN)/ruff check --fix --select I,UP .
	@$(BIN)/ruff format .
	@git ls-files -- 'templates/*.html' | xargs $(BIN)/djade --target-version 5.2 || true

editor: $(VENV)/.ready ## Make an account for the desk or reset its password (NAME=ana GROUP=Edición)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py editor $(or $(NAME),editora) --group "$(GROUP)"

seed: $(VENV)/.ready ## Fill an empty catalogue with the sample
	@$(BIN)/python manage.py seed

clean: ## Remove the environment (.venv, node_modules); the site's state in var/ stays
	@rm -rf $(VENV) $(NODE_MODULES)

$(VENV)/.ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "recursos: hace falta Python 3.11 o posterior; indique cuál con: make run PYTHON=/ruta/a/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "recursos: falta el módulo venv; en Debian o Ubuntu: sudo apt install python3-venv"; exit 1; }
	@test -w . || { echo "recursos: no se puede escribir en $(CURDIR); copie el proyecto a una carpeta suya"; exit 1; }
	@test -x $(BIN)/python || { echo "Se prepara el entorno en $(VENV) (solo la primera vez)…"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --requirement requirements.txt \
		|| { echo "recursos: no se pudieron instalar las dependencias; compruebe la conexión y repita"; exit 1; }
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt \
		|| { echo "recursos: no se pudieron instalar las herramientas; compruebe la conexión y repita"; exit 1; }
	@touch $@

$(NODE_MODULES)/.ready: package-lock.json $(VENV)/.ready-dev
	@$(BIN)/npm ci --silent \
		|| { echo "recursos: no se pudo instalar el revisor de CSS y JavaScript; compruebe la conexión y repita"; exit 1; }
	@touch $@

.PHONY: pictures
pictures: $(VENV)/.ready-dev ## Take the pictures of the editors' manual again, from the running desk
	@RECURSOS_PICTURES=1 $(BIN)/python -m pytest tests/browser/test_desk.py tests/browser/test_publishing.py tests/browser/test_editing.py tests/browser/test_manual.py tests/browser/test_reading.py -q
