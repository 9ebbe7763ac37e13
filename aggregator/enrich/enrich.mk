# The data files of this room: make-data takes them from packages, compile-
# agents makes the expressions ready for one pass.
COMPILE_AGENTS := $(BUILD)/compile-agents

$(COMPILE_AGENTS): $(call obj,aggregator/enrich/compile/main.c) $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)
-include $(BUILD)/obj/aggregator/enrich/compile/main.d

$(BUILD)/enrich/.texts: $(wildcard aggregator/enrich/make-data \
    aggregator/enrich/*.js*) package-lock.json | $(NPM)
	@mkdir -p $(@D)
	$(Q)aggregator/enrich/make-data $(@D)
	@touch $@
$(ENRICH): $(BUILD)/enrich/.texts $(COMPILE_AGENTS)
	$(Q)$(COMPILE_AGENTS) $(@D)
	@touch $@
