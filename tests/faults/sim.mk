# simulate: F5.  The spool's writer and the ingest files on a fake disk; and one
# program more for each wrong variant, in which a function is another one.
SIM := $(BUILD)/tests/faults/sim
SIMULATE := $(BUILD)/tests/faults/simulate
SIM_ROOMS := $(patsubst %,aggregator/ingest/%.c,state account position \
    parked belongs settle damage batch round frame said closing expire park \
    replay retry gather bring unknown find_parked) \
    $(patsubst %,aggregator/writer/%.c,writer open loop examine) \
    aggregator/columns/seal.c aggregator/move/let_go.c
SIM_SPOOL := $(filter-out %/parked.c %/parked_folder.c,$(wildcard aggregator/spool/*.c))
SIM_PRODUCT := aggregator/ending.c aggregator/histogram.c schema/segment.c schema/crc32c.c schema/reasons.c \
    ngx_glinto_module/gl_segment.c $(SIM_SPOOL) \
    $(SIM_ROOMS)
SIM_OWN := $(wildcard tests/faults/sim/*.c)
SIM_OBJ := $(SIM_PRODUCT:%.c=$(SIM)/obj/%.o) $(SIM_OWN:%.c=$(SIM)/obj/%.o)

SIM_WRONG := $(wildcard tests/faults/sim/wrong/*.c)

# What the simulator answers instead of the system.
SIM_WRAP := open openat close fchmod stat fstat fstatfs statx mkdirat flock \
    fallocate pread pwrite renameat2 unlinkat fsync fdatasync getrandom \
    lseek getdents64 fdopendir readdir closedir pthread_create pthread_join \
    malloc calloc realloc reallocarray free abort statvfs \
    gl_ingest_gather_init_
# Fortified calls have other names, which --wrap would not see; stacks that
# are left for ever are nothing for sanitizers.
SIM_C = -std=gnu11 $(WARN) -O2 -g -include tests/faults/sim/sim_limits.h \
    -DGL_ASSERTS -Ischema -Iaggregator -Ingx_glinto_module \
    -I$(BUILD)/embed $(LIB_C) -pthread -U_FORTIFY_SOURCE -MMD -MP
SIM_LINK = $(CC) -o $@ $(SIM_WRAP:%=-Wl,--wrap=%)
# The functions that a wrong variant brings.
BRINGS = $(shell sed -n 's/^__wrap_\([a-z_]*\).*/-Wl,--wrap=\1/p' $(1))

$(SIM)/obj/tests/%.o: tests/%.c Makefile tests/faults/sim.mk \
    | $(READY)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $< (sim)")
	$(Q)$(CC) $(SIM_C) -c -o $@ $<
# Their warnings are the product's own build's.
$(SIM)/obj/%.o: %.c Makefile tests/faults/sim.mk | $(READY)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $< (sim)")
	$(Q)$(CC) $(SIM_C) -w -c -o $@ $<
-include $(SIM_OBJ:.o=.d) $(SIM_WRONG:%.c=$(SIM)/obj/%.d)

$(SIMULATE): $(SIM_OBJ)
	$(Q)$(SIM_LINK) $^ $(LIB_LD)
$(SIMULATE)-%: $(SIM)/obj/tests/faults/sim/wrong/%.o $(SIM_OBJ)
	$(Q)$(SIM_LINK) $(call BRINGS,tests/faults/sim/wrong/$*.c) $^ $(LIB_LD)

programs: $(if $(SHORT),,$(SIMULATE) \
    $(SIM_WRONG:tests/faults/sim/wrong/%.c=$(SIMULATE)-%))
