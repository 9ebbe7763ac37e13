# Fuzzing: one program a door (fuzz_DOOR.c).  In every build the doors are
# made with replay.c as their main, for tests/fuzz/replay.t; "make fuzz" makes
# them again with libFuzzer, in a build folder of its own.
#
#   make fuzz S=60 T=json

S ?= 60
FUZZ_SAN := address,undefined,fuzzer-no-link
NGX_SRC := /usr/share/nginx/src/src
# nginx's generated headers: of this build's module, or of the outer build.
NGX_OBJS ?= $(OUT)/nginx
NGX_READY := $(if $(filter $(OUT)/%,$(NGX_OBJS)),$(MODULE))

DOORS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
DOOR := $(addprefix $(BUILD)/tests/fuzz/,$(DOORS) broken)
C_DOOR_LIB := $(filter-out tests/fuzz/fuzz_% tests/fuzz/replay.c \
              tests/fuzz/http.c tests/fuzz/broken.c,$(wildcard tests/fuzz/*.c))
# The module's files that read what a client sends, without nginx around them.
NGX_GLINTO := ngx_glinto_module/ngx_http_glinto_
DOOR_MODULE := $(patsubst ngx_glinto_module/%.c,$(BUILD)/obj/fuzz/%.o, \
               $(sort $(wildcard $(addprefix $(NGX_GLINTO),plausible_*.c umami_*.c \
               matomo_*.c events_*.c *_query.c))) $(patsubst %,$(NGX_GLINTO)%.c,domain headers \
               items json json_value known members pixel place props request route \
               shields site sites goatcounter_hit time visitor))
DOOR_LIB := $(BUILD)/libglinto-doors.a
DOOR_MAIN := $(if $(findstring fuzzer,$(SAN)),,$(call obj,tests/fuzz/replay.c))
DOOR_LD := $(if $(DOOR_MAIN),,-fsanitize=fuzzer)

# System headers: nginx's own are not written for our warnings.
NGX_C := $(addprefix -isystem $(NGX_SRC)/,core event event/modules os/unix \
         http http/modules http/v2) -isystem $(NGX_OBJS)

$(BUILD)/obj/tests/fuzz/%.o: tests/fuzz/%.c tests/fuzz/fuzz.mk | $(READY) $(NGX_READY)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $<")
	$(Q)$(CC) $(CFLAGS_ALL) $(INC_tests) $(NGX_C) -MMD -MP -c -o $@ $<

# As nginx compiles them: handlers need not use all their arguments, and an
# empty ngx_str_t is NULL, to which C forbids to add even its length of 0.
DOOR_MODULE_SAN := $(if $(SAN),-fno-sanitize=pointer-overflow)
$(BUILD)/obj/fuzz/%.o: ngx_glinto_module/%.c tests/fuzz/fuzz.mk | $(READY) $(NGX_READY)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $<")
	$(Q)$(CC) $(CFLAGS_ALL) -Wno-unused-parameter -Wno-cast-qual \
	    $(DOOR_MODULE_SAN) \
	    -Ingx_glinto_module $(NGX_C) -MMD -MP -c -o $@ $<

$(DOOR_LIB): $(call obj,$(C_DOOR_LIB)) $(DOOR_MODULE)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(DOOR_MAIN) \
    $(DOOR_LIB) $(TEST_LIB) $(WRITER) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDFLAGS_ALL) \
	    $(DOOR_LD) $(LIBS_ALL)
# It stands in for the writer thread, which the door "verb" has for real.
$(addprefix $(BUILD)/tests/fuzz/,admin dashboard): $(call obj, \
    tests/fuzz/http.c)
$(BUILD)/tests/fuzz/broken: $(BUILD)/obj/tests/fuzz/broken.o $(DOOR_MAIN)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(DOOR_LD)

-include $(wildcard $(BUILD)/obj/tests/fuzz/*.d $(BUILD)/obj/fuzz/*.d)


programs: $(DOOR)

.PHONY: doors fuzz
doors: $(if $(T),$(BUILD)/tests/fuzz/$(T),$(DOOR)) $(ENRICH)
fuzz: $(MODULE) $(BUILD)/.setup-test ## fuzz each door for S seconds: S= T=
	+@$(MAKE) --no-print-directory -s doors BUILD=$(BUILD)/fuzz CC=clang \
	    SAN=$(FUZZ_SAN) NGX_OBJS=$(NGX_OBJS)
	@tests/fuzz/run $(BUILD)/fuzz $(S) $(if $(T),$(T),$(DOORS))
