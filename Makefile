# make            what there is
# make demo       from a clean clone to two signed certificates
# make test       everything that a change must pass here; installs what it lacks

SHELL := /bin/sh
.DEFAULT_GOAL := help

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
FUZZTIME    ?= 5s

# Programs that tests ask for a second opinion, each with the Debian package that brings it.
TOOLS := chromium:chromium pdfsig:poppler-utils qpdf:qpdf openssl:openssl certutil:libnss3-tools dmtxread:dmtx-utils
QUICK := chromium-headless-shell

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: build
build: ## Build bin/rexbatch, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)' -o bin/rexbatch ./cmd/rexbatch

.PHONY: demo
demo: build ## Play one batch of each plant, write the certificates to .demo/out, keep serving
	@rm -rf .demo/out && mkdir -p .demo/out
	@data=$$(mktemp -d .demo/data-XXXXXX) && \
	echo "data: $$data; certificates, once both batches are certified: .demo/out/*.pdf; accounts: .demo/out/accounts.txt" && \
	exec bin/rexbatch demo --data "$$data" --out .demo/out $(DEMO)

.PHONY: tools
tools: ## Install the programs that the tests need (apt), or say which are missing
	@missing=""; \
	for t in $(TOOLS); do command -v "$${t%%:*}" >/dev/null 2>&1 || missing="$$missing $${t##*:}"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "installing with apt:$$missing"; \
		apt-get update -q </dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing </dev/null; \
	else \
		echo "missing programs; as root, run: apt-get update && apt-get install -y --no-install-recommends$$missing" >&2; exit 1; \
	fi
	@# Pages take half the time in the engine without a browser around it. Where there is none, the tests take chromium.
	@command -v $(QUICK) >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1 || \
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(QUICK) </dev/null >/dev/null 2>&1 || true

# Tests keep their ledgers in memory where the machine has room for it: on a disk they wait many thousand times, and
# what a killed process has synced is the same in both. `make bench` measures a disk. The pages take longest, and mostly
# wait for a browser: they begin first.
.PHONY: test
test: tools ## Run all tests, in random order
	@room=$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $$4 }'); \
	if [ "$${room:-0}" -gt 4000000 ] && [ -w /dev/shm ]; then scratch=$$(mktemp -d /dev/shm/rexbatch-XXXXXX); else scratch=$$(mktemp -d); fi; \
	trap 'rm -rf "$$scratch"' EXIT INT TERM; \
	GOTMPDIR=$${TMPDIR:-/tmp} TMPDIR=$$scratch $(GO) test -shuffle=on -parallel 4 -timeout 30m ./internal/web/pages ./...

.PHONY: invariants
invariants: ## Run ten thousand random sequences of commands against the invariants (minutes)
	REXBATCH_FULL=1 $(GO) test ./release -run '^(TestInvariantsHoldUnderRandomCommands|TestComputedValuesFollowEveryCorrection_31)$$' -v -timeout 60m

.PHONY: journey
journey: tools ## Drive both fresh scenarios through the pages in a browser, with a picture of each page in .demo/journey
	@rm -rf .demo/journey
	REXBATCH_SCREENSHOTS=$(CURDIR)/.demo/journey $(GO) test ./internal/web/pages -run '^TestJourneyThroughThePages$$' -count=1 -v -timeout 30m

.PHONY: webkit
webkit: tools ## Open the courier's page in WebKit, the engine of iPhones, without a network
	@command -v WebKitWebDriver >/dev/null 2>&1 || { apt-get update -q </dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends webkit2gtk-driver xvfb xauth </dev/null; }
	$(GO) test ./internal/web/pages -run 'WebKit' -count=1 -v

# Only packages that begin goroutines or lock something can race; each is found by what its files say. Of the two that
# are slowest by far, the tests in which people, pages and prints meet.
.PHONY: race
race: ## Run the tests with the race detector (needs gcc)
	@command -v gcc >/dev/null 2>&1 || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			echo "installing with apt: gcc libc6-dev"; \
			apt-get update -q </dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends gcc libc6-dev </dev/null; \
		else \
			echo "the race detector needs gcc; as root, run: apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev" >&2; exit 1; \
		fi; }
	CGO_ENABLED=1 $(GO) test -race -short -timeout 30m $$($(GO) list -f '{{.Dir}} {{.ImportPath}}' ./... | while read -r dir package; do \
		if grep -qE '\bgo (func|[a-z]+[.(])|\bsync\.|\batomic\.' "$$dir"/*.go; then echo "$$package"; fi; \
	done | grep -v -e /cmd/ -e /internal/web$$ -e /internal/web/pages -e /internal/architecture -e /release$$ -e /release/record)
	CGO_ENABLED=1 $(GO) test -race -short -timeout 30m -run 'AtOnce|OpenPage|Printed|Spool|Session' ./internal/web ./release

.PHONY: lint
lint: fmt vet staticcheck vuln ## Check form, vet, staticcheck, known vulnerabilities

.PHONY: fmt
fmt:
	@unformatted=$$(gofmt -l .); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w on: $$unformatted" >&2; exit 1; fi

.PHONY: vet
vet:
	$(GO) vet ./...

.PHONY: staticcheck
staticcheck:
	$(GO) run $(STATICCHECK) ./...

# The database of known vulnerabilities is on the network. A machine that cannot reach it says so and goes on; a
# finding, or any other failure, fails.
.PHONY: vuln
vuln:
	@out=$$($(GO) run $(GOVULNCHECK) ./... 2>&1) && { echo "$$out"; exit 0; }; \
	case "$$out" in \
	*"fetching vulnerabilities"*) echo "govulncheck skipped, its database cannot be reached: $$out" | head -n 1 ;; \
	*) echo "$$out" >&2; exit 1 ;; \
	esac

.PHONY: bench
bench: ## Measure appends beside a raw fdatasync, start-up with a large ledger, reading a recipe, entries over HTTP, pages, a trace over ten thousand batches, printing a record
	$(GO) test -run '^$$' -bench . -benchtime 2s -timeout 30m ./internal/ledger/... ./batch/mbr ./release/record ./internal/web

.PHONY: fuzz-short
fuzz-short: ## Run every fuzz target for FUZZTIME (5s)
	@set -e; for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

.PHONY: diagram
diagram: ## Draw the diagram in docs/architecture.md from the imports
	$(GO) test ./internal/architecture -run '^TestDiagram$$' -update -count=1

.PHONY: clean
clean: ## Remove what was built and played
	rm -rf bin .demo
