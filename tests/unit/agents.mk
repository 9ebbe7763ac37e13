# Labelled User-Agents for tests/unit/enrich_twin.c and the bench.
AGENT_SETS := $(BUILD)/tests/agents.tsv

$(AGENT_SETS): tests/unit/agent-sets aggregator/enrich/names.json \
    aggregator/enrich/refused.json \
    package-lock.json | $(NPM)
	@mkdir -p $(@D)
	$(Q)$< $@
programs: $(AGENT_SETS)
