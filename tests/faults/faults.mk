# gl-load: the load that remembers how each request ended.
C_LOAD := $(wildcard tests/faults/gl_load*.c)
LOAD := $(BUILD)/tests/faults/gl-load

$(LOAD): $(call obj,$(C_LOAD))
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) -lhttp_parser

programs: $(LOAD)

# One after another, since each loads the machine.
FAULTS ?=
GROUP ?=
.PHONY: faults faults-nightly
faults: programs ## kills, overflow, upgrades, clocks ...: FAULTS=f16 TRIALS=
	@GLINTO_BUILD=$(OUT) GLINTO_FAULTS=faults GROUP= tests/faults/faults $(FAULTS)
faults-nightly: programs ## the same with nightly figures: GROUP=A|B|C FAULTS=
	@GLINTO_BUILD=$(OUT) GLINTO_FAULTS=nightly GROUP=$(GROUP) \
	    tests/faults/faults $(FAULTS)
