# store-io: F9.  The aggregator's own objects with a clock that does not wait.
C_STORE_IO := $(wildcard tests/faults/io/*.c)
STORE_IO := $(BUILD)/tests/faults/store-io
STORE_IO_WRAP := gl_clock_now_ms gl_clock_boot_ms gl_mailbox_wait \
    pthread_create pthread_join gl_enrich_new gl_enrich_free gl_query_new \
    gl_query_free

$(STORE_IO): $(call obj,$(C_STORE_IO)) $(TEST_LIB) $(LIB) $(WRITER) | $(ENRICH)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $(STORE_IO_WRAP:%=-Wl,--wrap=%) $^ $(LDFLAGS_ALL) \
	    $(LIBS_ALL)

programs: $(STORE_IO)
-include $(patsubst %.c,$(BUILD)/obj/%.d,$(C_STORE_IO))
