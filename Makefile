# `make demo` shows what it does, `make test` that it does it. Both make the environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= out
CHECKS := tests/unit/earthengine tests/randomgraphs  # of the local Earth Engine's values

.PHONY: help env demo test soak soak-parts lint types inventory indexes infra infra-readme infra-security check clean

help:  ## Show this.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: $(READY)  ## Make the environment in .venv.

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: env  ## Run an example message end to end; results in out/.
	$(BIN)/s1ratio run shared/s1ratio/embedded/examples/demo.json --out $(OUT)

test: env  ## Run the fast tests: some seven minutes on two cores.
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not soak'

PART ?= all
soak: env  ## Run the long tests, or one PART of them; `make soak-parts` says which there are.
	$(BIN)/python -m tests.soak $(PART)

soak-parts: env  ## Say which parts the long tests have and what each takes.
	@$(BIN)/python -m tests.soak

lint: env  ## Check style.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.cloudbuild cloudbuild.yaml

types: env  ## Check types, the functions folder by folder.
	$(BIN)/mypy
	for folder in functions/*/; do $(BIN)/mypy $$folder/main.py || exit 1; done
	$(BIN)/mypy tests
	$(BIN)/mypy -p infra.tools

inventory: env  ## Write the table of the local Earth Engine's algorithms again.
	$(BIN)/python -m pytest -q -p tests.support.checked -m 'not soak' $(CHECKS)
	$(BIN)/python -m local_earthengine.inventory

indexes: env  ## Write Firestore's indexes for infra again, from the store's queries.
	$(BIN)/python -m infra.tools.write_indexes

infra-readme: env  ## Write the tables of infra/README.md again, from the .tf files.
	$(BIN)/python -m infra.tools.write_readme

infra:  ## Check infra with terraform: style, schema, its tests, a plan.
	infra/check

infra-security: .checkov  ## Look for what is unsafe in infra.
	infra/security

.checkov:  # heavy, and at odds with the pins of ours: an environment of its own
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check checkov==3.3.30

# Stand-ins for Google's Terraform providers, where they lie beside the repository; a plan without them
# needs credentials.
.offline-tf: ../shared/tools/offline-google-provider/install.py
	$(PYTHON) $< $@
	@touch $@

check: test lint types  ## All of it.

clean:  ## Remove what was made.
	rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache
