# Every target makes its own preparations on a fresh Debian machine that has a Swift toolchain.

PREFIX ?= /usr/local
DESTDIR ?=
SEEDS ?= 200
FIRST ?= 1
MINUTES ?= 10
SECONDS ?= 600
# One target of the fuzzer; all without it
TARGET ?=
# What make sanitize looks for
KIND ?= address
# Further options of a program, as in: make demo ARGS='--nodes 7 --loss 2'
ARGS ?=
# What takes symbols and debug information off the installed programs; "true" leaves them
STRIP ?= $(or $(shell command -v strip),true)

# As it is shipped: without a path to search for libraries in the program (see also Package.swift, shipped)
RELEASE = swift build -c release --disable-local-rpath
BIN = .build/release

.DEFAULT_GOAL := help
.PHONY: deb test-deb seal-bench compatibility-doc chaos attacks links check help demo build test bench bench-doc bench-doc-knet lint format simulate fuzz fuzz-corpus coverage sanitize install clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## A live ring of several nodes on this machine: no root, no configuration (ARGS='--nodes 7 --loss 2')
	@Scripts/setup demo
	@$(RELEASE) --product rondo
	@$(BIN)/rondo demo $(ARGS)

build: ## The daemon and the tools: .build/release/rondod, rondo and rondo-tools
	@Scripts/setup build
	$(RELEASE) --product rondod
	$(RELEASE) --product rondo
	$(RELEASE) --product rondo-tools

check: ## Format, house rules, the rooms' tests and some seeds: what to run all the time
	@Scripts/setup check
	@Scripts/test --check

test: ## Every test; as root also whole daemons beside real Corosync, in network namespaces
	@Scripts/setup test
	@Scripts/test

chaos: ## Ten minutes of deaths, partitions and lost interfaces on a ring of both engines (as root; SECONDS=600)
	@Scripts/setup test
	$(RELEASE) --product rondod
	RONDOD=$(CURDIR)/$(BIN)/rondod RONDO_REQUIRE_LAB=1 RONDO_CHAOS_SECONDS=$(SECONDS) \
		swift test --filter InteroperabilityTests.Interoperability/ChaosTests --no-parallel

attacks: ## 500 programs frozen and killed in the middle of their calls, 10,000 connections, on a whole node (as root)
	@Scripts/setup test
	$(RELEASE) --product rondod
	RONDOD=$(CURDIR)/$(BIN)/rondod RONDO_REQUIRE_LAB=1 RONDO_ATTACKS=1 \
		swift test --filter 'InteroperabilityTests.Interoperability/CrowdTests' --no-parallel

links: ## Rings over knet links, with every cipher and hash (as root)
	@Scripts/setup test
	$(RELEASE) --product rondod
	RONDOD=$(CURDIR)/$(BIN)/rondod RONDO_REQUIRE_LAB=1 RONDO_LINKS=1 RONDO_LINKS_ALL=1 \
		swift test --filter 'InteroperabilityTests.Interoperability/Link(Life|Reload)?Tests' --no-parallel

simulate: ## Rings, whole nodes and links under seeded faults (SEEDS=200 FIRST=1)
	@Scripts/setup demo
	@$(RELEASE) --product rondo
	@$(BIN)/rondo simulate --seeds $(SEEDS) --first $(FIRST) $(ARGS)

fuzz: ## Everything that parses, against hostile input (MINUTES=10 TARGET=ring)
	@Scripts/setup build
	@Scripts/fuzz --minutes $(MINUTES) $(TARGET)

fuzz-corpus: ## Keeps what the fuzzer found worth keeping in Fuzzing/corpus (TARGET=ring)
	@Scripts/setup build
	@Scripts/fuzz --merge $(TARGET)

coverage: ## Lines that the unit and simulator tests execute, by room
	@Scripts/setup test
	@Scripts/coverage

sanitize: ## The rooms that hold unsafe pointers under a sanitizer (KIND=address or thread)
	@Scripts/setup test
	@Scripts/sanitize $(KIND)

bench: bench-programs ## Rondo beside Corosync: rates, latencies, processor time, memory (as root; ARGS='--format json')
	@$(BIN)/rondo-bench --rondod $(BIN)/rondod $(ARGS)

seal-bench: ## Processor time of sealing and opening a packet, by cipher and hash, with contexts kept and anew
	@Scripts/setup check
	@$(RELEASE) --product seal-bench
	@$(BIN)/seal-bench

compatibility-doc: build ## Plays every client scenario on Corosync and on Rondo and writes docs/compatibility.md (as root)
	@Scripts/setup test
	RONDOD=$(CURDIR)/$(BIN)/rondod RONDO_REQUIRE_LAB=1 RONDO_WRITE_COMPATIBILITY=1 \
		swift test --filter InteroperabilityTests.Interoperability/ConformanceTests --no-parallel

bench-doc: bench-programs ## The same, written to docs/performance.md
	@Scripts/bench-doc $(ARGS)

bench-doc-knet: bench-programs ## The comparison over knet, clear and sealed, over one and two links, written to docs/performance-knet.md
	@Scripts/bench-doc-knet $(ARGS)

.PHONY: bench-programs
bench-programs:
	@Scripts/setup bench
	@$(RELEASE) --product rondod
	@$(RELEASE) --product rondo-bench

lint: ## Formatting and the house rules
	@Scripts/setup lint
	@Scripts/lint

format: ## Formats every source file
	swift format --recursive --in-place --configuration .swift-format Package.swift Sources Tests Benchmarks Examples Fuzzing

install: build ## Into $(DESTDIR)$(PREFIX): rondod, rondo, rondo-tools, manual pages, systemd unit
	install -D -m 755 -s --strip-program=$(STRIP) $(BIN)/rondod $(DESTDIR)$(PREFIX)/sbin/rondod
	install -D -m 755 -s --strip-program=$(STRIP) $(BIN)/rondo $(DESTDIR)$(PREFIX)/bin/rondo
	install -D -m 755 -s --strip-program=$(STRIP) $(BIN)/rondo-tools $(DESTDIR)$(PREFIX)/lib/rondo/rondo-tools
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 docs/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 docs/man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|g' Packaging/rondod.service.in > $(DESTDIR)$(PREFIX)/lib/systemd/system/rondod.service
	[ -e $(DESTDIR)/etc/default/rondod ] || install -D -m 644 Packaging/rondod.default $(DESTDIR)/etc/default/rondod

deb: build ## Debian packages in .build/deb: rondo, rondo-corosync (Rondo in the place of Corosync's daemon), debug symbols
	@Scripts/deb

test-deb: deb ## Installs them on a copy of this machine's file system, runs a node, removes them (as root, beside corosync)
	@Scripts/deb-test

clean: ## Removes what was built
	rm -rf .build .build-*
