# gl-load: the load that remembers how each request ended.
C_LOAD := $(wildcard tests/faults/gl_load*.c)
LOAD := $(BUILD)/tests/faults/gl-load

$(LOAD): $(call obj,$(C_LOAD))
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) -lhttp_parser

# gl-watch: a crowd on the dashboard socket.
WATCH := $(BUILD)/tests/faults/gl-watch

$(WATCH): $(call obj,tests/faults/gl_watch.c)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL)

# clock.so: a clock that tests can turn, preloaded into glintod.
CLOCK := $(BUILD)/tests/faults/clock.so

$(CLOCK): tests/faults/clock.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(WARN) -O2 -fPIC -shared -o $@ $<

# corrupt: damaged segments.  Always with sanitizers, and so of its own objects.
C_CORRUPT := tests/faults/corrupt.c tests/lib/tap.c tests/lib/spool_world.c \
             $(wildcard aggregator/spool/*.c schema/*.c) $(C_WRITER)
CORRUPT := $(BUILD)/tests/faults/corrupt
ASAN := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined

$(CORRUPT): $(C_CORRUPT) $(wildcard aggregator/spool/*.h schema/*.h \
            ngx_glinto_module/gl_*.h tests/lib/*.h)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $@")
	$(Q)$(CC) -std=gnu11 $(WARN) $(ASAN) -Ischema -Iaggregator $(INC_tests) \
	    $(LIB_C) -o $@ $(C_CORRUPT) $(LIB_LD)

# filter-flood: the live fold of one site, with as many visitors as one likes.
FLOOD := $(BUILD)/tests/faults/filter-flood

$(FLOOD): $(call obj,tests/faults/filter_flood.c) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL)

programs: $(LOAD) $(WATCH) $(CLOCK) $(CORRUPT) $(FLOOD)

# One after another, since each loads the machine.
FAULTS ?=
GROUP ?=
.PHONY: faults faults-nightly
faults: programs ## kills, overflow, upgrades, clocks ...: FAULTS=f16 TRIALS=
	@GLINTO_BUILD=$(OUT) GLINTO_FAULTS=faults GROUP= tests/faults/faults $(FAULTS)
faults-nightly: programs ## the same with nightly figures: GROUP=A|B|C FAULTS=
	@GLINTO_BUILD=$(OUT) GLINTO_FAULTS=nightly GROUP=$(GROUP) \
	    tests/faults/faults $(FAULTS)
