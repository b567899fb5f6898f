# SPDX-License-Identifier: Apache-2.0
# `make demo` shows it, `make test` tests it; both install what is missing (Debian 12, Swift 6.3).
SHELL := /bin/bash
SWIFT ?= swift
RELEASE := $(SWIFT) build -c release --static-swift-stdlib
CHECKED := --explicit-target-dependency-import-check error

.PHONY: all setup build release test check format demo lies scopes interop rotation-table bench dist docs certs run clean
.PHONY: canaries mutants answers held soak-sessions listening-table report-shots story
all: check test

setup:
	@scripts/setup.sh libsqlite3-dev zlib1g-dev pkg-config

build: setup
	$(SWIFT) build $(CHECKED)

release: setup
	$(RELEASE) --product peercoach
	$(RELEASE) --product peercoachd

# All tests. Those that need something that is not there say so and are skipped by name.
test: setup
	@scripts/setup.sh strace openssl
	$(SWIFT) build --build-tests $(CHECKED)
	$(SWIFT) test --skip-build

check:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

# A coached session with real processes. TRANSCRIPT=file.jsonl replays another one, SPEED=60
# plays it sixty times as fast.
demo: setup
	$(SWIFT) build --product peercoachd
	$(SWIFT) build --product peercoach
	$(SWIFT) build --product peercoach-demo
	@.build/debug/peercoach-demo $(if $(TRANSCRIPT),--transcript $(TRANSCRIPT)) $(if $(SPEED),--speed $(SPEED)) $(if $(SESSION),--session $(SESSION)) $(if $(FORMAT),--format $(FORMAT)) $(if $(MEDIUM),--medium $(MEDIUM))

# What a lying server tells, each kind 200 times, and 100,000 changes of what was sealed.
lies: setup
	$(SWIFT) build --build-tests $(CHECKED)
	PEERCOACH_LIES=200 $(SWIFT) test --skip-build --filter LiesTests
	PEERCOACH_CHANGES=100000 $(SWIFT) test --skip-build --filter RandomTamperingTests

# Who reads what: ten million commands against a naive room, and 20,000 pairs of runs that differ
# only in what an observer may not see.
scopes: setup
	$(SWIFT) build --build-tests $(CHECKED)
	PEERCOACH_COMMANDS=10000000 $(SWIFT) test --skip-build --filter ScopesTests
	PEERCOACH_PAIRS=20000 $(SWIFT) test --skip-build --filter TwoWorldsTests

# A hundred thousand random sessions of random formats: none gets stuck, no floor is held without
# the right, time sums up.
soak-sessions: setup
	$(SWIFT) build --build-tests $(CHECKED)
	PEERCOACH_SESSIONS=100000 $(SWIFT) test --skip-build --filter SessionSoakTests

# A thousand strings said in every way, looked for wherever the server has been; what is erased,
# looked for as the ciphertext that it was.
canaries: setup
	@scripts/setup.sh gdb tcpdump faketime python3
	$(SWIFT) build --product peercoachd
	$(SWIFT) build --product peercoach
	python3 Tests/Canaries/run.py .build/debug/peercoach .build/debug/peercoachd

# Forty-five checks taken away one at a time, in a copy of the sources: a test must notice each.
mutants: setup
	@scripts/setup.sh python3
	SWIFT="$(SWIFT)" python3 Tests/Mutants/run.py

# Published vectors, also those that the library's checkout does not hold.
answers: setup
	@scripts/setup.sh python3-venv
	$(SWIFT) build --build-tests $(CHECKED)
	PEERCOACH_ANSWERS="$$(Tests/Answers/fetch.sh)" \
	    $(SWIFT) test --skip-build --filter KnownAnswerTests

# All that the database says about one person, as a page to read.
held: setup
	$(SWIFT) build --build-tests $(CHECKED)
	PEERCOACH_HELD="$(CURDIR)/.build/held.txt" $(SWIFT) test --skip-build --filter HeldOfOneTests
	@cat .build/held.txt

# A second reading of the protocol, in Python.
interop: setup
	@scripts/setup.sh python3-venv
	$(SWIFT) build --product peercoachd
	$(SWIFT) build --product peercoach
	Tests/Interop/run.sh .build/debug/peercoachd .build/debug/peercoach

# Until when everybody has met everybody, for 4 to 16 people in pods of 2, 3 and 4.
rotation-table: setup
	$(SWIFT) build --build-tests $(CHECKED)
	@echo "| people | pods of | least sessions | until all met | least | until all coached all | roles differ by |"
	@PEERCOACH_TABLE=1 $(SWIFT) test --skip-build --filter RotationCourseTests | grep '^| ' | sort -t'|' -k3n -k2n

# How far the guesses on what a sentence does agree with what people said of it. The dialogues stand
# beside the project, in ../shared/data, and are no part of it.
listening-table: setup
	$(SWIFT) build --build-tests $(CHECKED)
	@echo "| dialogues | class | labelled | precision | recall | F1 | F1 of five parts | two people |"
	@[ -f ../shared/data/icsi.jsonl ] || echo "ListeningTableTests is skipped: ../shared/data is not there."
	@[ ! -f ../shared/data/icsi.jsonl ] || PEERCOACH_LISTENING=1 $(SWIFT) test --skip-build --filter ListeningTableTests | grep '^| '
	@[ ! -f ../shared/data/icsi.jsonl ] || echo "mibot and primock57 have no labels by people and are skipped."

# Three monthly sessions of one group, on a moved clock; its pages stay in .build/story.
story: setup
	@scripts/setup.sh faketime python3
	$(SWIFT) build --product peercoachd
	$(SWIFT) build --product peercoach
	Tests/Story/story.sh .build/debug/peercoach .build/debug/peercoachd .build/story

# Sessions of a group with real processes, and the pages of its reports as a browser shows them: wide
# and narrow, light and dark, on paper. FILES="a.html b.html" looks at other pages.
report-shots: setup
	@scripts/setup.sh faketime python3
	@scripts/setup.sh chromium || echo "Chromium cannot be installed here."
	$(SWIFT) build --product peercoachd
	$(SWIFT) build --product peercoach
	python3 Tests/ReportShots/run.py .build/debug/peercoach .build/debug/peercoachd .build/report-shots $(FILES)

bench: setup
	@scripts/setup.sh libssl-dev gcc
	Benchmarks/run.sh

dist: release
	packaging/dist.sh

docs: setup
	$(SWIFT) package --disable-sandbox generate-documentation

certs:
	certs/make-dev.sh

# A server on loopback with a folder of its own, to try things with.
run: setup
	$(SWIFT) build --product peercoachd
	@[ -d .build/run ] || .build/debug/peercoachd init --address localhost:7443 --data .build/run
	.build/debug/peercoachd serve --data .build/run --listen 127.0.0.1:7443

clean:
	rm -rf .build .build-* dist
