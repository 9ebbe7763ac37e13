# glinto-postgresql: what speaks with PostgreSQL.  A program of its own, so that
# glintod loads nothing of it, and "make run" needs none of its packages.
POSTGRESQL := $(BUILD)/glinto-postgresql
C_LOG := $(wildcard aggregator/log/*.c)
PQ_C = $(call once,PQ_C,pkg-config --cflags libpq)
PQ_LD = $(call once,PQ_LD,pkg-config --libs libpq)

$(BUILD)/obj/aggregator/log/%.o: CFLAGS += $(PQ_C)
$(call obj,$(C_LOG)): | $(if $(filter %-test,$(SETUP)),,$(BUILD)/.setup-log)
$(POSTGRESQL): $(call obj,$(C_LOG)) $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL) $(PQ_LD)
-include $(patsubst %.c,$(BUILD)/obj/%.d,$(C_LOG))

.PHONY: postgresql
postgresql: $(POSTGRESQL) ## glinto-postgresql, for several machines
all: postgresql

# Unit tests of what needs no server.
$(BUILD)/tests/log_chunk: $(call obj,aggregator/log/chunk.c)
$(BUILD)/tests/log_pack: $(call obj,aggregator/log/pack.c)
$(BUILD)/tests/log_names: $(call obj,aggregator/log/names.c)
$(BUILD)/tests/log_names: LDFLAGS_ALL += $(LIB) # which names.c calls
$(BUILD)/tests/log_told: $(call obj,aggregator/log/told.c)
$(BUILD)/tests/log_told: LDFLAGS_ALL += $(LIB) # which told.c calls
$(BUILD)/tests/log_split: $(addprefix $(BUILD)/obj/aggregator/log/,split.o \
    lane.o lane_recover.o growing.o begun.o lost_file.o router.o handover.o \
    chunk.o ring.o told.o collected.o)
$(BUILD)/tests/log_split: LDFLAGS_ALL += $(LIB) # which these call
$(BUILD)/tests/log_lanes: $(addprefix $(BUILD)/obj/aggregator/log/,lane.o \
    lane_recover.o growing.o lost_file.o handover.o chunk.o ring.o)
$(BUILD)/tests/log_lanes: LDFLAGS_ALL += $(LIB) # which these call
