# `make demo` shows what it does, `make test` that it does it. Both make the environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= out
UPGRADE ?=
CHECKS := $(addprefix tests/unit/local_earthengine/,algorithms expression pixels scenes) tests/randomgraphs
PIP_INSTALL := bin/python -m pip install --quiet --disable-pip-version-check
# Before what is silent for long: a line at once and every ten seconds. It ends with the recipe's shell.
TELL = echo "$(1)" >&2; (s=0; while sleep 10 >/dev/null 2>&1 && kill -0 $$$$ 2>/dev/null; do \
	s=$$((s+10)); echo "$(1): $$s s so far" >&2; done) & teller=$$!; trap 'kill $$teller 2>/dev/null' EXIT;
# One lock serves each platform and Python. Where it was had from stands in nobody's lock.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet
INSTALL_STAND_INS := ../shared/tools/offline-google-provider/install.py
STAND_INS := $(wildcard $(INSTALL_STAND_INS))
SETUP := $(if $(STAND_INS),.offline-tf) .try-node

.PHONY: help env demo demo-alerts test soak soak-parts bench lint types inventory asyncapi indexes infra \
	infra-readme infra-security node locks sbom check setup clean .offline-tf .try-node

help:  ## Show this.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: $(READY)  ## Make the environment in .venv.

# The file .ready or .locked in an environment says that it is whole, so it is written last; what was left half
# made has none, and is made anew.
$(VENV)/.locked: requirements-dev.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@$(call TELL,pip installs what the lock names) $(VENV)/$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(READY): $(VENV)/.locked pyproject.toml
	@$(call TELL,pip installs this checkout) $(VENV)/$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

demo: env  ## Run an example message end to end; results in out/.
	$(BIN)/s1ratio run shared/s1ratio/embedded/examples/demo.json --out $(OUT)

demo-alerts: env  ## Follow a flood of an invented feed through three simulated months; results in out/alerts/.
	$(BIN)/python -m s1ratio.embedded.alert_demo --out $(OUT)/alerts

# Whatever the shell says: without bytecode each of the many processes compiles all of it anew.
test soak bench: export PYTHONDONTWRITEBYTECODE =

test: env  ## Run the fast tests: some seven minutes on two cores.
	$(BIN)/python -m pytest -n 3 --dist loadfile -m 'not soak and not bench'

PART ?= all
soak: env  ## Run the long tests, or one PART of them; `make soak-parts` says which there are.
	$(BIN)/python -m tests.soak $(PART)

soak-parts: env  ## Say which parts the long tests have and what each takes.
	@$(BIN)/python -m tests.soak

bench: env  ## Measure one thing by another in the same run; prints the ratios.
	$(BIN)/python -m pytest -q -m bench tests/benchmarks

lint: env  ## Check style.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.cloudbuild cloudbuild.yaml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.renovate renovate.json

types: env  ## Check types, the functions folder by folder.
	$(BIN)/mypy
	for folder in functions/*/; do $(BIN)/mypy $$folder/main.py || exit 1; done
	$(BIN)/mypy tests
	$(BIN)/mypy -p infra.tools

inventory: env  ## Write the table of the local Earth Engine's algorithms again.
	$(BIN)/python -m pytest -q -p tests.support.algorithm_coverage -m 'not soak' $(CHECKS)
	$(BIN)/python -m local_earthengine.inventory

asyncapi: env  ## Write the AsyncAPI document of the topics of requests and commands again, from the models.
	$(BIN)/s1ratio schema --asyncapi > shared/s1ratio/client/asyncapi.json

indexes: env  ## Write Firestore's indexes for infra again, from the store's queries.
	$(BIN)/python -m infra.tools.write_indexes

infra-readme: env  ## Write the tables of infra/README.md again, from the .tf files.
	$(BIN)/python -m infra.tools.write_readme

infra:  ## Check infra with terraform: style, schema, its tests; a plan with the stand-ins, or with PROJECT=.
	infra/check

infra-security: .checkov/.ready  ## Look for what is unsafe in infra.
	infra/security

# A tool that is at odds with the pins of ours has an environment of its own, named for it.
.%/.ready: Makefile
	rm -rf .$*
	$(PYTHON) -m venv .$*
	.$*/$(PIP_INSTALL) $(TOOL)
	@touch $@

.checkov/.ready: TOOL = checkov==3.3.30
.uv/.ready: TOOL = uv==0.13.9
.cyclonedx/.ready: TOOL = cyclonedx-bom==7.5.0

# Stand-ins for Google's Terraform providers, where they lie beside the repository; a plan without them
# needs credentials.
.offline-tf: .offline-tf/.ready

.offline-tf/.ready: $(STAND_INS)
	$(if $(STAND_INS),,$(error no stand-ins for Google's providers: $(INSTALL_STAND_INS) is missing))
	rm -rf .offline-tf
	$(PYTHON) $< .offline-tf
	@touch $@

# Who has no npm, or no way to its registry, is told by the one test that needs it: it is skipped, or fails
# where there is npm and all is required.
.try-node:
	@command -v npm >/dev/null && $(MAKE) --no-print-directory node || echo "no Node client"

node: .node/.ready  ## Install Node's Pub/Sub client, whose snippet a test runs; npm is needed, and its registry.

.node/.ready: tests/journey/publishers/package-lock.json
	rm -rf .node
	mkdir .node
	cp tests/journey/publishers/package.json tests/journey/publishers/package-lock.json .node/
	cd .node && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# A lock that comes out as it was keeps its time, else the next make would make .venv anew.
locks: .uv/.ready  ## Write the locks again; with UPGRADE=--upgrade, to the newest versions.
	cp -p requirements-dev.txt .uv/before
	.uv/bin/$(LOCK) $(UPGRADE) --extra=dev --output-file=requirements-dev.txt pyproject.toml
	cmp -s .uv/before requirements-dev.txt && cp -p .uv/before requirements-dev.txt || true
	for folder in functions/*/; do (cd $$folder && ../../.uv/bin/$(LOCK) \
		--constraints=../../requirements-dev.txt --output-file=requirements.txt requirements.in) || exit 1; done

sbom: env .cyclonedx/.ready  ## Write a bill of materials (CycloneDX) of each function and of .venv to sbom/.
	mkdir -p sbom
	for folder in functions/*/; do .cyclonedx/bin/cyclonedx-py requirements --output-reproducible \
		-o sbom/$$(basename $$folder).json $$folder/requirements.txt || exit 1; done
	.cyclonedx/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
		-o sbom/environment.json $(BIN)/python

# What a change must pass: .ci/run runs this.
check: $(SETUP) test lint types infra infra-security  ## All of it.

# All that is installed for that; with --jobs at the same time, as much of it is waiting for registries.
setup: $(SETUP) env .checkov/.ready

clean:  ## Remove all that was made.
	rm -rf $(VENV) .checkov .uv .cyclonedx .offline-tf .node $(OUT) sbom build dist shared/*.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf infra/.build infra/.terraform infra/.terraform.lock.hcl infra/modules/*/.terraform
	find infra functions shared tests -name __pycache__ -prune -exec rm -rf {} +
