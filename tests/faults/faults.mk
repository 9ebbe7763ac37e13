# gl-load: the load that remembers how each request ended.
C_LOAD := $(wildcard tests/faults/gl_load*.c)
LOAD := $(BUILD)/tests/faults/gl-load

$(LOAD): $(call obj,$(C_LOAD))
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) -lhttp_parser

programs: $(LOAD)

# One after another, since each loads the machine; about 15 minutes.
FAULTS ?=
.PHONY: faults
faults: programs ## kills, overflow, upgrades, clocks ...: FAULTS=f16 KILLS=
	@GLINTO_BUILD=$(OUT) KILLS=$(or $(KILLS),150) tests/faults/faults $(FAULTS)
