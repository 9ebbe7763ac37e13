# Builds of the product that only fault tests use, each in a folder of its own
# inside the build folder.

# points: dies at named points (schema/point.h).  Only the files that have
# points are compiled again; all else is the ordinary build's.
POINTS := $(BUILD)/points
HAS_POINTS = grep -ls '^ *GL_POINT(' $(1)
C_POINTS := $(shell $(call HAS_POINTS,schema/*.c aggregator/*/*.c \
    aggregator/*/*/*.c))
C_POINTS_MODULE := $(shell $(call HAS_POINTS,ngx_glinto_module/*.c))
OBJ_POINTS := $(patsubst %.c,$(POINTS)/obj/%.o,$(C_POINTS))

$(POINTS)/obj/%.o: %.c Makefile | $(READY)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $< (points)")
	$(Q)$(CC) $(CFLAGS_ALL) -DGL_POINTS -MMD -MP -c -o $@ $<
-include $(OBJ_POINTS:.o=.d)

$(POINTS)/glintod: $(OBJ_POINTS) $(call obj,aggregator/main.c) $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

$(POINTS)/ngx_http_glinto_module.so: $(MODULE)
	@mkdir -p $(@D)
	$(Q)rm -rf $(POINTS)/nginx && cp -a $(OUT)/nginx $(POINTS)/nginx
	$(Q)rm $(C_POINTS_MODULE:%.c=$(POINTS)/nginx/addon/%.o)
	$(Q)sed -i -e 's,$(OUT)/nginx,$(OUT)/points/nginx,g' \
	    -e 's,^CFLAGS = ,&-DGL_POINTS ,' $(POINTS)/nginx/Makefile
	+$(Q)$(MAKE) -f $(OUT)/points/nginx/Makefile -C /usr/share/nginx/src \
	    --no-print-directory modules >$(POINTS)/nginx.log
	$(Q)cp $(POINTS)/nginx/ngx_http_glinto_module.so $@

# What is the ordinary build's.
$(POINTS)/.links: | $(CLI) $(ENRICH)
	@mkdir -p $(@D)
	@ln -sfn ../glinto $(@D)/glinto
	@ln -sfn ../enrich $(@D)/enrich
	@ln -sfn ../tests $(@D)/tests
	@touch $@

programs: $(POINTS)/glintod $(POINTS)/ngx_http_glinto_module.so \
          $(POINTS)/.links

# no_memory.so: an allocator that fails, preloaded into nginx and glintod.
NO_MEMORY := $(BUILD)/tests/faults/no_memory.so

$(NO_MEMORY): tests/faults/no_memory.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(WARN) -O2 -fPIC -fno-builtin -shared -o $@ $<
programs: $(NO_MEMORY)

# tsan: glintod with ThreadSanitizer.  Threads are glintod's alone.
TSAN := $(BUILD)/tsan

.PHONY: tsan
tsan:
	+$(Q)$(MAKE) --no-print-directory BUILD=$(TSAN) SAN=thread \
	    $(TSAN)/glintod
	@ln -sfn ../glinto $(TSAN)/glinto
	@ln -sfn ../enrich $(TSAN)/enrich
	@ln -sfn ../tests $(TSAN)/tests
	@ln -sfn ../ngx_http_glinto_module.so $(TSAN)/
faults faults-nightly: tsan

# rooms: our own code with allocations that fail.
ROOMS := $(BUILD)/tests/faults/rooms
WRAP := malloc calloc realloc reallocarray

$(ROOMS): $(call obj,tests/faults/rooms.c tests/lib/tap.c) $(WRITER) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(WRAP:%=-Wl,--wrap=%) $(LDFLAGS_ALL) $(LIBS_ALL)
programs: $(ROOMS)
