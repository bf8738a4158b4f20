# Strides. `make` alone lists what there is. Works with GNU make 3.81 (macOS) and newer.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
# cpu or cuda; what an earlier run installed is kept.
TORCH ?= $(if $(wildcard $(VENV)/.strides-cuda-*),cuda,cpu)
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
JOBS ?= 2
ARGS ?=
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	command -v $$p && break; done)
endif
TORCH_VERSION := $(shell sed -n 's/^torch==\([^ ;]*\).*/\1/p' requirements.lock)

# The environment is finished when the stamp of exactly these pins and this torch is there.
KEY := $(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)
STAMP := $(VENV)/.strides-$(TORCH)-$(KEY)

# What torch is asked for. On Linux PyPI's torch brings gigabytes of CUDA packages, so the CPU
# build is named in full: pip takes it from PyTorch's own index or from a wheel it finds on disk.
TORCH_REQUIREMENT := torch==$(TORCH_VERSION)
TORCH_OPTIONS :=
ifeq ($(TORCH),cpu)
TORCH_OPTIONS := --no-deps --retries 1 --timeout 15
ifeq ($(shell uname -s),Linux)
TORCH_REQUIREMENT := torch==$(TORCH_VERSION)+cpu
TORCH_OPTIONS += --extra-index-url $(TORCH_INDEX)
endif
endif

PIP := $(BIN)/python -m pip --disable-pip-version-check install
# nbgrader calls alembic by name; two test processes share two cores.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_NO_INPUT := 1

##@ Every day
.PHONY: help
help: ## this list
	@echo "Strides: make TARGET"
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile
	@printf '\n%s\n' "With an NVIDIA GPU: make lab TORCH=cuda (PyPI's torch, about 3 GB to fetch)."

.PHONY: lab
lab: $(STAMP) ## the course in JupyterLab: lecture, assignment, Formgrader
	$(BIN)/strides lab $(ARGS)

.PHONY: demo
demo: $(STAMP) ## the instructor's loop on a sample class, without a screen
	$(BIN)/strides demo $(ARGS)

.PHONY: test
test: $(STAMP) ## the whole test suite (ARGS="-k name" for a part)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

##@ Writing the course
.PHONY: build
build: $(STAMP) ## lectures/, solutions/, assignments/ from sources/
	$(BIN)/python -m examiner.build $(ARGS)

.PHONY: bundle
bundle: $(STAMP) ## the students' zip
	$(BIN)/strides bundle $(ARGS)

.PHONY: site
site: $(STAMP) ## the lectures as a static site, in build/site (ARGS="--to FOLDER")
	$(BIN)/strides site $(ARGS)

.PHONY: lint
lint: $(STAMP) ## ruff, mypy, notebooks in step with their sources
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m examiner.build --check

.PHONY: check
check: lint test ## lint, then test: what CI runs

.PHONY: grading-report
grading-report: $(STAMP) ## mistakes rejected and named, right answers accepted
	$(BIN)/strides grading-report $(ARGS)

.PHONY: bench
bench: $(STAMP) ## speed and memory beside torch (ARGS="conv norm" for a part, ARGS=--ladder for accuracies)
	$(BIN)/python bench/run.py $(ARGS)

.PHONY: docs
docs: $(STAMP) ## the API reference of lib/strides, from its docstrings, in build/api
	$(BIN)/pdoc --output-directory build/api strides '!strides.visible'
	@echo "Open build/api/index.html"

##@ The environment
.PHONY: venv
venv: $(STAMP) ## make or complete .venv, and no more
	@echo "$(VENV) is ready (torch: $(TORCH))"

.PHONY: lock
lock: $(STAMP) ## pin anew what pyproject.toml asks for (ARGS=--upgrade for the newest)
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/python -m piptools compile --quiet \
		--extra dev --strip-extras --allow-unsafe \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock $(ARGS) pyproject.toml
	$(BIN)/python -m examiner.lock requirements.lock

.PHONY: clean
clean: ## remove caches and reports; submissions, gradebook and .venv stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f build/*.json build/*.zip
	find lib tests bench sources -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: check-python
check-python:
	@test -n "$(PYTHON)" || { echo "Strides needs Python 3.11 or newer, and found" \
		"$$(python3 --version 2>&1 || echo none). Install one, or name it:" \
		"make lab PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Strides needs Python 3.11 or newer; $(PYTHON) is older, or does not run" >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make" \
		"virtual environments; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@case "$(TORCH)" in cpu|cuda) ;; *) \
		echo "TORCH: expected cpu or cuda, received $(TORCH)" >&2; exit 1;; esac

# Every step can be taken again: an install that was interrupted goes on where it stopped.
$(STAMP):
	@$(MAKE) --silent --no-print-directory check-python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "== 1/4 $(VENV)"; \
		"$(PYTHON)" -m venv --clear $(VENV); }
	@echo "== 2/4 torch $(TORCH_VERSION) ($(TORCH))"
	@test "$(TORCH)" = cpu || $(BIN)/python -c 'import importlib.metadata as m, sys; \
		sys.exit("+cpu" in m.version("torch"))' 2>/dev/null || \
		$(BIN)/python -m pip uninstall --quiet --yes torch
	@$(PIP) $(TORCH_OPTIONS) "$(TORCH_REQUIREMENT)" || { echo; \
		echo "$(TORCH_REQUIREMENT) could not be installed. Try, in this order:"; \
		echo "  make lab                        again, where the network failed"; \
		echo "  make lab TORCH_INDEX=URL        with a mirror of $(TORCH_INDEX)"; \
		echo "  make lab TORCH=cuda             PyPI's build, about 3 GB to fetch"; \
		exit 1; } >&2
	@echo "== 3/4 the pinned packages"
	@$(PIP) --no-deps -r requirements.lock
	@echo "== 4/4 strides"
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'import torch, strides, examiner'
	@rm -f $(VENV)/.strides-* && touch $@
