# make bench: figures of this machine, tests/bench/RESULTS.md.
FILL := $(BUILD)/tests/bench/fill-spool

$(FILL): $(call obj,tests/bench/fill_spool.c) $(WRITER) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

AGENT_COST := $(BUILD)/tests/bench/agent-cost

$(AGENT_COST): $(call obj,tests/bench/agent_cost.c) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

# Also for tests that need a backlog.
programs: $(FILL) $(AGENT_COST)

.PHONY: bench
bench: programs ## measure ingest and apply; writes tests/bench/RESULTS.md
	@GLINTO_BUILD=$(OUT) perl -Itests/lib tests/bench/bench $(PARTS)
