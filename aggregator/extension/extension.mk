# glinto_columns.so: what SQLite loads.  The few files that read sealed days are
# compiled once more, for a library; never with sanitizers, which the program
# that loads it would have to begin with.
EXTENSION := $(BUILD)/glinto_columns.so
C_EXTENSION := $(wildcard aggregator/extension/*.c) schema/crc32c.c \
    $(patsubst %,aggregator/columns/%.c,column columns money pack \
      sealed_lists sealed_parts sealed_unpack sealed_zstd unpacking)
PIC := $(patsubst %.c,$(BUILD)/pic/%.o,$(C_EXTENSION))

$(BUILD)/pic/%.o: %.c Makefile aggregator/extension/extension.mk | $(SETUP)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(WARN) $(HARD_C) -fPIC -fvisibility=hidden \
	    -DGL_ASSERTS -Ischema -Iaggregator $(LIB_C) $(CFLAGS) -MMD -MP -c \
	    -o $@ $<
-include $(PIC:.o=.d)

$(EXTENSION): $(PIC)
	$(Q)$(CC) -shared -o $@ $^ $(HARD_LD) -Wl,-z,defs $(LDFLAGS) \
	    $$(pkg-config --libs glib-2.0 libzstd)
aggregator: $(EXTENSION)

# In glintod they are part of the program, which has SQLite.
$(BUILD)/obj/aggregator/extension/%.o: CFLAGS += -DSQLITE_CORE
