# One command each. Scratch folders are .build* (ignored by git); nothing else in the tree is touched.
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help install-dependencies install-test-dependencies swift build demo docs test test-newest sanitize bench bench-peers \
	lint format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 28

install-dependencies: ## the Debian packages the build needs (skips what is there)
	@scripts/install-dependencies build

install-test-dependencies: ## those, and what the tests need besides (a Java runtime, kcat)
	@scripts/install-dependencies build test

swift:
	@scripts/require-swift

build: install-dependencies swift ## the release build: .build/release/millrace
	@swift build -c release --product millrace

demo: build ## the electricity example end to end, no broker needed; ends by itself
	@.build/release/millrace demo --exit-at-end

docs: build ## docs/models.md from the tables of the program
	@mkdir -p docs && .build/release/millrace help models --markdown > docs/models.md

test: install-test-dependencies swift ## every test; KAFKA_HOME or KAFKA_BOOTSTRAP_SERVERS adds those on a real broker
	@scripts/test

test-newest: install-test-dependencies swift ## every test on the newest librdkafka (from PyPI's confluent-kafka)
	@scripts/test-newest

sanitize: install-dependencies swift ## the in-process tests under the address and the thread sanitizer
	@scripts/sanitize address
	@scripts/sanitize thread

bench: build install-test-dependencies ## parts alone, allocations, and end to end beside a bare pass-through (KAFKA_HOME)
	@Benchmarks/bench

bench-peers: build ## the learners beside River, Vowpal Wabbit and MOA (from PyPI) on the same streams, one core
	@Benchmarks/peers/bench-peers

lint: swift ## what `format` would change, and naming
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests $(wildcard Benchmarks)

format: swift ## lays out the sources
	@swift format --in-place --recursive --parallel Package.swift Sources Tests $(wildcard Benchmarks)

clean: ## removes the scratch folders
	@rm -rf .build .build-asan .build-tsan .build-newest .build-peers Benchmarks/.build
