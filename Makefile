# Every command of the house. The work itself is in maiia_pro/launcher and tests/tools.
SHELL := /bin/sh
PYTHON ?= python3
export PYTHONUTF8 := 1
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: run test check bench proof requirements lock help

run: .venv/.runtime  ## Démarre tout : base, migrations, démonstration, site et tâches de fond (PORT, DATA_DIR, DATABASE_URL, DEMO=0)
	@exec $(BIN)/maiia-pro run

test: .venv/.development  ## Tous les tests ; installe Chromium, Firefox et redis-server au besoin
	@$(BIN)/python -m tests.tools.run

check: .venv/.development  ## Style, types, architecture, migrations
	@$(BIN)/python -m tests.tools.check

bench: .venv/.development  ## Mesures de vitesse, écrites dans bench/out
	@$(BIN)/python -m bench

proof: .venv/.development  ## Tests dénombrables avec leurs nombres entiers (des heures), écrit bench/out/proof.json
	@$(BIN)/python -m tests.tools.proof

requirements: .venv/.development  ## Lance les tests et dit quelles exigences ils prouvent, écrit bench/out/requirements.json
	@$(BIN)/python -m tests.tools.run --requirements

lock: .venv/.development  ## Récrit les deux fichiers verrouillés à partir de requirements*.in
	@$(BIN)/python -m tests.tools.lock

help:  ## Cette liste
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 ou plus récent est nécessaire (make PYTHON=python3.11 …).")'
	@$(PYTHON) -m venv .venv

# A stamp is a copy of the lock it was installed from: an unchanged lock installs nothing, whatever its date.
.venv/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@cat requirements.lock pyproject.toml | cmp -s - $@ || { \
		echo "Installation des bibliothèques…"; \
		{ cmp -s requirements-dev.lock .venv/.development-lock || $(INSTALL) --no-deps --require-hashes -r requirements.lock; } && \
		$(INSTALL) --no-deps --no-build-isolation --config-settings editable_mode=compat -e . && \
		cat requirements.lock pyproject.toml > $@.new && mv $@.new $@; }
	@touch $@

.venv/.development: requirements-dev.lock .venv/.runtime | $(BIN)/python
	@cmp -s requirements-dev.lock .venv/.development-lock || { \
		echo "Installation des outils de développement…"; \
		$(INSTALL) --no-deps --require-hashes -r requirements-dev.lock && cp requirements-dev.lock .venv/.development-lock; }
	@touch $@
