# simulate: F5.  The spool's writer and the ingest files, compiled from copies
# in which prepare.pl made some limits smaller, on a fake disk; and one program
# more for each wrong variant, in which one object is another.
SIM := $(BUILD)/tests/faults/sim
SIMULATE := $(BUILD)/tests/faults/simulate
SIM_ROOMS := $(patsubst %,aggregator/ingest/%.c,state settle damage batch \
    round closing park replay retry gather bring) \
    $(patsubst %,aggregator/writer/%.c,writer loop examine)
SIM_SPOOL := $(filter-out %/parked.c,$(wildcard aggregator/spool/*.c))
SIM_PRODUCT := schema/segment.c schema/crc32c.c \
    ngx_glinto_module/gl_segment.c $(SIM_SPOOL) \
    $(SIM_ROOMS)
SIM_OWN := $(wildcard tests/faults/sim/*.c)
SIM_HEADERS := $(wildcard tests/faults/sim/*.h aggregator/*.h \
    aggregator/*/*.h schema/*.h ngx_glinto_module/gl_*.h)
SIM_OBJ := $(SIM_PRODUCT:%.c=$(SIM)/obj/%.o) $(SIM_OWN:%.c=$(SIM)/obj/%.o)

# Which file each wrong variant changes.
SIM_WRONG := end-test unlink-when-read forget-early release-unsynced \
    sync-again go-on overwrite wait-for-ever gather-on
SIM_FILE_end-test := aggregator/spool/read
SIM_FILE_unlink-when-read := aggregator/ingest/settle
SIM_FILE_wait-for-ever := aggregator/ingest/gather
SIM_FILE_gather-on := aggregator/ingest/gather
SIM_FILE_forget-early := aggregator/ingest/settle
SIM_FILE_release-unsynced := aggregator/ingest/batch
SIM_FILE_sync-again := aggregator/ingest/batch
SIM_FILE_go-on := aggregator/ingest/round
SIM_FILE_overwrite := ngx_glinto_module/gl_segment

# What the simulator answers instead of the system.
SIM_WRAP := open openat close fchmod stat fstat fstatfs statx mkdirat flock \
    fallocate pread pwrite renameat2 unlinkat fsync fdatasync getrandom \
    lseek getdents64 fdopendir readdir closedir pthread_create pthread_join \
    malloc calloc realloc reallocarray free gl_ingest_accounts_init_
# Fortified calls have other names, which --wrap would not see; stacks that
# are left for ever are nothing for sanitizers.
SIM_C = -std=gnu11 $(WARN) -O2 -g -I$(SIM)/src/aggregator \
    -I$(SIM)/src/schema -I$(SIM)/src/ngx_glinto_module -Ischema -Iaggregator \
    -I$(BUILD)/embed $(LIB_C) -pthread -U_FORTIFY_SOURCE
SIM_LINK = $(CC) -o $@ $(SIM_WRAP:%=-Wl,--wrap=%)

$(SIM)/.prepared: tests/faults/sim/prepare.pl $(SIM_PRODUCT) $(SIM_HEADERS) \
    | $(SETUP) $(EMBED_H)
	$(if $(V),,@echo "  SIM $(SIMULATE)")
	$(Q)tests/faults/sim/prepare.pl $(SIM)
	@touch $@
$(SIM)/obj/tests/%.o: tests/%.c $(SIM)/.prepared
	@mkdir -p $(@D)
	$(Q)$(CC) $(SIM_C) -c -o $@ $<
# Their warnings are the product's own build's.
$(SIM)/obj/%.o: $(SIM)/.prepared
	@mkdir -p $(@D)
	$(Q)$(CC) $(SIM_C) -w -c -o $@ $(SIM)/src/$*.c
$(SIM)/wrong/%.o: $(SIM)/.prepared
	$(Q)$(CC) $(SIM_C) -I$(SIM)/src/$(dir $(SIM_FILE_$*)) -w -c -o $@ \
	    $(SIM)/wrong/$*/$(SIM_FILE_$*).c

$(SIMULATE): $(SIM_OBJ)
	$(Q)$(SIM_LINK) $^ $(LIB_LD)
$(SIMULATE)-%: $(SIM)/wrong/%.o $(SIM_OBJ)
	$(Q)$(SIM_LINK) $< $(filter-out %/obj/$(SIM_FILE_$*).o,$(SIM_OBJ)) \
	    $(LIB_LD)

programs: $(SIMULATE) $(SIM_WRONG:%=$(SIMULATE)-%)
