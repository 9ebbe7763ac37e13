# make bench: figures of this machine, tests/bench/RESULTS.md.
FILL := $(BUILD)/tests/bench/fill-spool

$(FILL): $(call obj,tests/bench/fill_spool.c) $(WRITER) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

FILL_DAYS := $(BUILD)/tests/bench/fill-days

$(FILL_DAYS): $(call obj,tests/bench/fill_days.c) $(WRITER) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

AGENT_COST := $(BUILD)/tests/bench/agent-cost

$(AGENT_COST): $(call obj,tests/bench/agent_cost.c) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

ENRICH_ASK := $(BUILD)/tests/bench/enrich-ask

$(ENRICH_ASK): $(call obj,tests/bench/enrich_ask.c) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

ENRICH_COST := $(BUILD)/tests/bench/enrich-cost

$(ENRICH_COST): $(call obj,tests/bench/enrich_cost.c) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

# Labelled agents are there while they are measured.
.PHONY: bench-enrich
bench-enrich: $(ENRICH) $(ENRICH_ASK) $(ENRICH_COST) $(SETUP) ## judge agents: bots, people, devices
	$(Q)mkdir -p $(BUILD)/sets && cd $(BUILD)/sets && \
	    npm install --silent --no-audit --no-fund --ignore-scripts \
	    --prefix . isbot-fixtures@npm:isbot@2.2.0 \
	    node-device-detector@1.2.8 top-crawler-agents@1.0.35 \
	    user-agents@2.1.198 woothee@1.11.1
	@tests/bench/bench-enrich $(BUILD) $(OUT)/sets

BARE_ROWS := $(BUILD)/tests/bench/bare-rows

$(BARE_ROWS): $(call obj,tests/bench/bare_rows.c)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

QUERY_COST := $(BUILD)/tests/bench/query-cost

$(QUERY_COST): $(call obj,$(addprefix tests/bench/,query_ask.c query_cost.c \
               query_data.c query_store.c query_today.c \
               query_walk.c query_year.c query_zones.c last_seen.c)) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

# DuckDB, the third opinion, is there while it is measured.
.PHONY: bench-query
bench-query: programs $(QUERY_COST) ## measure questions: PARTS= RUNS= DATA=
	$(Q)mkdir -p $(BUILD)/duckdb && cd $(BUILD)/duckdb && \
	    npm install --silent --no-audit --no-fund --prefix . \
	    @duckdb/node-api@1.5.6-r.1
	@GLINTO_BUILD=$(OUT) perl tests/bench/bench-query $(BUILD) $(PARTS)

# Also for tests that need a backlog.
programs: $(FILL) $(BARE_ROWS) $(if $(SHORT),,$(FILL_DAYS) $(AGENT_COST))

# unmeasured: workers that measure nothing, to be compared with.
UNMEASURED := $(BUILD)/unmeasured/ngx_http_glinto_module.so

$(UNMEASURED): $(MODULE) tests/bench/unmeasured
	+$(Q)tests/bench/unmeasured $(OUT)

# Another commit, built with its own Makefile, to be compared with.
BASE_TREE := $(OUT)/base

.PHONY: bench base
ifdef BASE
bench: programs base ## measure ingest and apply; BASE=COMMIT: against that one
	@GLINTO_BUILD=$(OUT) perl -Itests/lib tests/bench/compare $(OUT) \
	    $(BASE_TREE)/build
else
bench: programs $(UNMEASURED)
	@GLINTO_BUILD=$(OUT) perl -Itests/lib tests/bench/bench $(PARTS)
endif

base:
	$(Q)git worktree prune
	$(Q)test -e $(BASE_TREE)/.git || \
	    git worktree add --quiet --detach $(BASE_TREE) $(BASE)
	$(Q)git -C $(BASE_TREE) checkout --quiet --detach $(BASE)
	$(Q)env -u MAKEFLAGS -u MAKELEVEL $(MAKE) -C $(BASE_TREE) -j2 programs

.PHONY: bench-growth
bench-growth: programs ## measure what grows with sites, accounts and rows
	@GLINTO_BUILD=$(OUT) perl -Itests/lib tests/bench/growth $(PARTS)

.PHONY: bench-cities
bench-cities: programs $(FILL) ## measure several machines: EVENTS= RATE= PARTS=
	@GLINTO_BUILD=$(OUT) perl -Itests/lib tests/bench/bench-cities $(PARTS)

.PHONY: bench-pages
bench-pages: programs ## measure pages of the dashboard: PARTS= ROWS=
	@GLINTO_BUILD=$(OUT) perl -Itests/lib tests/bench/bench-pages $(PARTS)

# Debian's goaccess, the yardstick, unpacked in the build folder.
GOACCESS := $(BUILD)/goaccess/usr/bin/goaccess

$(GOACCESS):
	$(Q)mkdir -p $(BUILD)/goaccess && cd $(BUILD)/goaccess && \
	    apt-get download -q goaccess libmaxminddb0 && \
	    for deb in *.deb; do dpkg -x "$$deb" .; done

.PHONY: bench-logs
bench-logs: programs $(GOACCESS) ## measure imports of access logs: LINES= RUNS=
	@GLINTO_BUILD=$(OUT) LD_LIBRARY_PATH=$(BUILD)/goaccess/usr/lib/$(shell \
	    gcc -print-multiarch) perl -Itests/lib tests/bench/bench-logs \
	    $(GOACCESS)
