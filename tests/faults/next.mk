# The next format: a worker that writes segments of major 2 and a glintod that
# reads 2 and 1, to prove the rules of versions (schema/README.md).  What does
# not know of segments is taken from the ordinary build.
NEXT := $(BUILD)/next
C_NEXT := $(wildcard schema/*.c aggregator/spool/*.c aggregator/ingest/*.c \
                     tests/lib/*.c) \
          $(C_WRITER)
NEXT_MAJOR := -DGL_SEGMENT_MAJOR=2
NEXT_UNITS := schema_golden module_drops module_writer spool_damage spool_hint \
              spool_hostile spool_reader spool_versions
NEXT_UNIT := $(addprefix $(NEXT)/tests/,$(NEXT_UNITS))
NEXT_AGENT := $(NEXT)/glintod
NEXT_MODULE := $(NEXT)/ngx_http_glinto_module.so

$(NEXT)/obj/%.o: %.c Makefile tests/faults/next.mk | $(READY)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $< (next)")
	$(Q)$(CC) $(CFLAGS_ALL) $(INC_tests) $(NEXT_MAJOR) -MMD -MP -c -o $@ $<
$(NEXT)/libglinto.a: $(patsubst %.c,$(NEXT)/obj/%.o,$(C_NEXT))
	$(Q)rm -f $@ && ar rcs $@ $^
# Its objects and not the archive: what calls them comes from the ordinary one,
# which would bring its own.
$(NEXT_AGENT): $(call obj,aggregator/main.c) \
    $(patsubst %.c,$(NEXT)/obj/%.o,$(filter schema/% aggregator/%,$(C_NEXT))) \
    $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)
$(NEXT)/tests/%: $(NEXT)/obj/tests/unit/%.o $(NEXT)/libglinto.a $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)
$(NEXT_MODULE): $(MODULE)
	@mkdir -p $(@D)
	+$(Q)GLINTO_EMBED=$(OUT)/embed conf/module "$(OUT)/next" "$(CC)" "$(SAN)" \
	    $(NEXT_MAJOR) $(if $(V),,>$(NEXT)/nginx.log)

-include $(patsubst %.c,$(NEXT)/obj/%.d,$(C_NEXT) \
           $(patsubst %,tests/unit/%.c,$(NEXT_UNITS)))

programs: $(NEXT_AGENT) $(NEXT_UNIT)
faults faults-nightly: $(NEXT_MODULE)
