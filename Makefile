# Build, run and test Glinto.  "make help" lists the targets.
#
# Sources are found by wildcard: a new .c file needs no change here.  Parts
# with programs of their own (tests/*/, aggregator/*/) may bring a *.mk file.
#
#   BUILD=DIR   where everything goes           (build; build/san with SAN)
#   CC=gcc|clang
#   SAN=address,undefined                       sanitizers, all parts
#   T=PATH V=1                                  one test, verbosely

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

SAN ?=
BUILD ?= build$(if $(SAN),/san)
ifeq ($(origin CC),default)
CC := gcc
endif
PORT ?= 8080
RUN ?= $(BUILD)/run
T ?=
V ?=
Q := $(if $(V),,@)

ifneq ($(words $(CURDIR)),1)
$(error make cannot work in a folder with a blank in its name: "$(CURDIR)")
endif
ifneq ($(words $(BUILD)),1)
$(error BUILD names one folder, without a blank, not "$(BUILD)")
endif
# One more than there are processors, since npm waits for the network; unless the
# caller says how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(($$(nproc) + 1)))

ROOT := $(CURDIR)
OUT := $(abspath $(BUILD))
AGENT := $(BUILD)/glintod
CLI := $(BUILD)/glinto
MAILER := $(BUILD)/glinto-mail
MODULE := $(BUILD)/ngx_http_glinto_module.so

# ---- flags ------------------------------------------------------------------

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
        -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wformat=2 -Wundef \
        -Wvla
# Asked only when something is compiled, so that the first make can install
# the tools before it needs them.
once = $(eval $(1) := $$(shell $(2)))$($(1))
BUILDFLAGS := DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get
HARD_C = $(call once,HARD_C,$(BUILDFLAGS) CFLAGS; $(BUILDFLAGS) CPPFLAGS)
HARD_LD = $(call once,HARD_LD,$(BUILDFLAGS) LDFLAGS)
PACKAGES := libevent libevent_pthreads sqlite3 jansson libsodium libpsl \
            libidn2 libpcre2-8 libhs nettle glib-2.0 msgpack yajl \
            libarchive zlib libzstd libmaxminddb
LIB_C = $(call once,LIB_C,pkg-config --cflags $(PACKAGES))
LIB_LD = $(call once,LIB_LD,pkg-config --libs $(PACKAGES))

SAN_FLAGS := -g1 -O1 -fsanitize=$(SAN) -fno-sanitize-recover=undefined \
             -fno-omit-frame-pointer
# Names and lines for a backtrace.  What a debugger knows beyond that is a sixth
# of the time to compile, a quarter with sanitizers; "make CFLAGS=-g" has it.
OPT_C = $(if $(SAN),$(SAN_FLAGS),$(HARD_C) -g1 -fPIE)
OPT_LD = $(if $(SAN),-fsanitize=$(SAN),$(HARD_LD) -pie)

CFLAGS_ALL = -std=gnu11 $(WARN) $(OPT_C) -DGL_ASSERTS -Ischema \
             -Iaggregator -I$(BUILD)/embed $(LIB_C) -pthread $(OFTEN_C) \
             $(CFLAGS)
LDFLAGS_ALL = $(OPT_LD) -Wl,--as-needed $(LDFLAGS)
LIBS_ALL = $(LIB_LD) -lhttp_parser -lwslay -lcsv -lm -pthread

# What most files include, compiled once and read by all; with gcc alone.  "make
# run", "make test" and "make check" ask for it, where somebody waits.  The code
# is the same; that each file includes what it needs, the build with clang sees.
PRECOMPILE ?=
OFTEN := $(if $(PRECOMPILE),$(if $(filter %gcc,$(CC)),often))
OFTEN_H := $(OFTEN:%=$(BUILD)/often/%.h)
OFTEN_C = $(OFTEN_H:%=-D_GNU_SOURCE= -include %)

# ---- what there is ----------------------------------------------------------

C_CLI := $(wildcard aggregator/cli/*.c)
C_MAILER := $(addprefix aggregator/mailer/,main.c message.c)
C_LIB := $(wildcard schema/*.c schema/*/*.c) \
         $(filter-out aggregator/main.c,$(wildcard aggregator/*.c)) \
         $(filter-out $(C_CLI) $(C_MAILER) aggregator/log/%,$(wildcard \
             aggregator/*/*.c aggregator/query/*/*.c aggregator/store/*/*.c))
C_WRITER := $(wildcard ngx_glinto_module/gl_*.c)
C_TEST := $(filter-out tests/fuzz/%,$(wildcard tests/*/*.c))
# What the page of a site loads: one style and one script, made of these.
WHOLE_css := $(addprefix aggregator/dashboard/,style.css board.css)
WHOLE_js := $(addprefix aggregator/dashboard/,become.js page.js turn.js drag.js)
EMBED := $(filter-out %/board.css $(WHOLE_js),$(wildcard schema/*.sql \
         schema/migrations/*.sql $(addprefix aggregator/dashboard/*.,css js svg) \
         aggregator/question/schema.json aggregator/mcp/tools.json)) \
         $(addprefix $(BUILD)/embed/,places.json world.svg board.css page.js)
TEMPLATES := $(wildcard aggregator/dashboard/*.html)
TRACKER := $(wildcard ngx_glinto_module/tracker/*.js)

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB := $(BUILD)/libglinto.a
WRITER := $(if $(C_WRITER),$(BUILD)/libglinto-writer.a)
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))
# One set-up for all that a make does: npm replaces its folder, also under those
# who build meanwhile.  What needs nothing of npm is compiled while it fetches.
ALONE := all module aggregator postgresql running run install deb docs npm help clean
STEP := $(if $(filter-out $(ALONE),$(MAKECMDGOALS)),test,build)
SETUP := $(BUILD)/.setup-$(if $(filter run%,$(MAKECMDGOALS)),run,$(STEP))
NPM := $(BUILD)/.npm-$(STEP)
ENRICH := $(if $(wildcard aggregator/enrich/make-data),$(BUILD)/enrich/.done)

# ---- targets ----------------------------------------------------------------

.PHONY: all module aggregator install deb docs npm cities test-trackers run screenshots test check unit test-module e2e \
        matrix lint clean help programs running FORCE
all: module aggregator ## build the module, glintod and glinto

module: $(if $(wildcard config),$(MODULE)) ## the nginx module
aggregator: $(if $(wildcard aggregator/main.c),$(AGENT)) \
            $(if $(C_CLI),$(CLI)) $(MAILER) $(LIB) $(ENRICH) ## glintod and glinto

# What "make run" runs.
running: $(MODULE) $(AGENT) $(CLI) $(ENRICH)

docs: $(BUILD)/docs/.made ## the manual, HTML and man(1): build/docs
install: all docs ## onto this machine, or below DESTDIR=
	@conf/install "$(BUILD)" "$(DESTDIR)"
deb: all docs ## Debian packages: build/packages
	@conf/deb/build "$(BUILD)" "$(BUILD)/packages"

cities: $(BUILD)/.setup-test running postgresql ## four cities, far apart, on this machine
	@tests/cities "$(BUILD)"

npm: $(NPM) ## the tracker as an npm package: build/package
	@conf/npm "$(BUILD)/package"

run: $(BUILD)/.setup-run ## nginx and glintod with a demo site: PORT= RUN=
	@began=$$SECONDS && echo 'glinto: building' && \
	    $(MAKE) --no-print-directory -s $(JOBS) PRECOMPILE=yes running && \
	    echo "glinto: built, after $$((SECONDS - began)) s"
	@conf/run "$(BUILD)" "$(RUN)" "$(PORT)" conf/demo/visits

screenshots: $(BUILD)/.setup-test $(NPM) all ## pictures of the demo's dashboard, and of cities
	@conf/screenshots "$(BUILD)" "$(BUILD)/screenshots"

# What the tests need beside the product.  SHORT: no test with a "# Check:" line.
SHORT ?=
programs: all docs $(UNIT) $(BUILD)/.setup-test $(NPM)

# All packages in one run of apt.
test check: $(BUILD)/.setup-test
test: ## build and tests once; some of them: T=tests/e2e/run.t V=1 SAN=
	@tests/run "$(MAKE)" "$(BUILD)" "$(CC)" "$(SAN)" "$(V)" $(T)
check: ## lint, the build with clang, all tests with sanitizers
	@tests/run "$(MAKE)" "$(BUILD)" "$(CC)" "$(SAN)" "$(V)" check
unit: ## unit tests
	@tests/run "$(MAKE)" "$(BUILD)" "$(CC)" "$(SAN)" "$(V)" unit
test-module: ## tests of the nginx module
	@tests/run "$(MAKE)" "$(BUILD)" "$(CC)" "$(SAN)" "$(V)" tests/module
e2e: ## tests of the whole chain
	@tests/run "$(MAKE)" "$(BUILD)" "$(CC)" "$(SAN)" "$(V)" tests/e2e
test-trackers: $(BUILD)/.setup-test $(NPM) ## scripts of other products: SCRIPTS=DIR
ifeq ($(SCRIPTS),)
	@echo 'make test-trackers SCRIPTS=DIR runs the scripts of other products in' \
	    'Chromium.' ; \
	echo 'DIR has count.js (GoatCounter), script.js (Umami), matomo.js.'
else
	@GLINTO_SCRIPTS="$(abspath $(SCRIPTS))" tests/run "$(MAKE)" "$(BUILD)" \
	    "$(CC)" "$(SAN)" "$(V)" \
	    tests/browser/originals.t tests/browser/prerender.t
endif
matrix: programs ## the module with the nginx of other Debians
	@T="$(T)" tests/matrix "$(OUT)" "$(CC)" $(SUITES)
lint: $(BUILD)/.setup-test $(NPM) ## format, include rules, sizes
	@tests/lint
clean: ## remove the build folder
	rm -rf "$(BUILD)"
help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1 ~\2/p' \
	    $(MAKEFILE_LIST) | column -t -s '~'

# ---- set-up -----------------------------------------------------------------

$(BUILD)/.setup-%: conf/setup conf/packages
	@mkdir -p $(@D)
	@conf/setup $* debian
	@touch $@
$(BUILD)/.npm-%: conf/setup package.json package-lock.json | $(SETUP)
	@conf/setup $* npm
	@touch $@

# ---- generated --------------------------------------------------------------

$(BUILD)/embed/places.json: conf/places | $(SETUP)
	@mkdir -p $(@D)
	$(Q)conf/places $@

$(BUILD)/embed/world.svg: conf/map | $(NPM)
	@mkdir -p $(@D)
	$(Q)conf/map $@

$(BUILD)/embed/board.css: $(WHOLE_css)
$(BUILD)/embed/page.js: $(WHOLE_js)
$(BUILD)/embed/board.css $(BUILD)/embed/page.js: | $(SETUP)
	@mkdir -p $(@D)
	$(Q)cat $^ >$@

# What is deleted is newer than nothing: the names are a file, too.
NAMES_embed := $(EMBED)
NAMES_templates := $(TEMPLATES)
NAMES_tracker := $(TRACKER)
NAMES_messages = $(MESSAGES)
$(BUILD)/embed/%.names: FORCE
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2>&1)" = '$(NAMES_$*)' ] || echo '$(NAMES_$*)' >$@
FORCE:

# English first; what others lack the build says.
MESSAGES := aggregator/language/en.txt \
            $(filter-out %/en.txt,$(wildcard aggregator/language/*.txt))
$(BUILD)/embed/messages.h: | $(SETUP)
$(BUILD)/embed/texts.h: | $(NPM)
$(BUILD)/embed/messages.h $(BUILD)/embed/texts.h: conf/messages $(MESSAGES) \
    $(BUILD)/embed/messages.names
	@mkdir -p $(@D)
	$(Q)conf/messages $@ $(MESSAGES)
$(BUILD)/embed/locales.h: conf/locales \
    $(BUILD)/embed/messages.names | $(NPM)
	@mkdir -p $(@D)
	$(Q)conf/locales $@ $(basename $(notdir $(MESSAGES)))
$(BUILD)/obj/aggregator/language/say.o: $(BUILD)/embed/texts.h
$(BUILD)/obj/aggregator/language/locale.o: $(BUILD)/embed/locales.h

$(BUILD)/embed/templates.h: conf/templates $(MESSAGES) $(TEMPLATES) \
    $(BUILD)/embed/templates.names | $(SETUP)
	@mkdir -p $(@D)
	$(Q)conf/templates $@ aggregator/language/en.txt $(TEMPLATES)
$(BUILD)/obj/aggregator/dashboard/template.o: $(BUILD)/embed/templates.h
# Much generated code, most of it calls: 1 s to compile instead of 4.
$(BUILD)/obj/aggregator/dashboard/template.o: CFLAGS += -Os

$(BUILD)/embed/embed.h: conf/embed $(BUILD)/embed/embed.names | $(SETUP)
$(BUILD)/embed/embed.c: conf/embed $(EMBED) $(BUILD)/embed/embed.names | $(SETUP)
$(BUILD)/embed/embed.h $(BUILD)/embed/embed.c:
	@mkdir -p $(@D)
	$(Q)conf/embed $@ $(EMBED)

TRACKER_MIN := $(TRACKER:ngx_glinto_module/tracker/%=$(BUILD)/embed/tracker/%)
$(TRACKER_MIN) &: conf/minify $(TRACKER) $(BUILD)/embed/tracker.names | $(NPM)
	@mkdir -p $(@D)
	$(Q)conf/minify $(@D) $(TRACKER)
$(BUILD)/embed/tracker.c $(BUILD)/embed/tracker.h: conf/embed $(TRACKER_MIN)
	$(Q)conf/embed $@ $(TRACKER_MIN)

# ---- the manual -------------------------------------------------------------

DOCS := $(wildcard conf/*.md conf/*.png conf/manual/* aggregator/conf.c conf/glinto.conf \
        aggregator/*/*.def aggregator/*/*/*.def schema/*.def \
        aggregator/mcp/tools.json aggregator/question/schema.json aggregator/language/en.txt \
        ngx_glinto_module/ngx_http_glinto_module.c)
$(BUILD)/docs/.made: $(DOCS) $(AGENT) $(CLI) \
    | $(BUILD)/.setup-$(if $(SETUP:%test=),docs,test)
	$(Q)conf/manual/make "$(OUT)" "$(OUT)/docs"
	@touch $@

# ---- aggregator -------------------------------------------------------------

# What is there before anything is compiled.
READY := $(SETUP) $(BUILD)/embed/embed.h $(BUILD)/embed/messages.h $(OFTEN_H:=.gch)
$(BUILD)/often/often.h.gch: Makefile | $(SETUP)
	@mkdir -p $(@D)
	@printf '#include <%s>\n' errno.h glib.h jansson.h sodium.h sqlite3.h \
	    stdatomic.h stdio.h stdlib.h string.h >$(@D)/often.h
	$(Q)$(CC) $(filter-out -include $(OFTEN_H),$(CFLAGS_ALL)) -c -o $@ $(@D)/often.h
# There are hundreds of them: make calls the compiler itself, without bash.
$(BUILD)/obj/%.o: SHELL := /bin/sh
$(BUILD)/obj/%.o: %.c Makefile | $(READY)
	$(if $(wildcard $(@D)),,@mkdir -p $(@D))
	$(if $(V),,$(info $()  CC $<))
	$(Q)$(CC) $(CFLAGS_ALL) $(INC_$(firstword $(subst /, ,$<))) -MMD -MP \
	    -c -o $@ $<
# Tests may look at the plain C of the module.
INC_tests := -Ingx_glinto_module -Itests/lib

$(BUILD)/obj/embed.o: $(BUILD)/embed/embed.c | $(READY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(LIB): $(call obj,$(C_LIB)) $(BUILD)/obj/embed.o
	$(Q)rm -f $@ && ar rcs $@ $^
$(BUILD)/libglinto-writer.a: $(call obj,$(C_WRITER))
	$(Q)rm -f $@ && ar rcs $@ $^

$(AGENT): $(call obj,aggregator/main.c) $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)
$(CLI): $(call obj,$(C_CLI)) $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

# GMime alone is not every program's.
GMIME_C = $(call once,GMIME_C,pkg-config --cflags gmime-3.0)
GMIME_LD = $(call once,GMIME_LD,pkg-config --libs gmime-3.0)
$(call obj,$(C_MAILER)): INC_aggregator = $(GMIME_C)
$(MAILER): $(call obj,$(C_MAILER)) $(LIB)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(GMIME_LD) $(LIBS_ALL)

# One program a unit test; tests/lib/*.c is shared.
TEST_LIB := $(call obj,$(wildcard tests/lib/*.c))
$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(TEST_LIB) $(WRITER) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(LDFLAGS_ALL) $(LIBS_ALL)

.SECONDARY:
-include $(patsubst %.c,$(BUILD)/obj/%.d,aggregator/main.c $(C_LIB) $(C_CLI) $(C_MAILER) \
           $(C_WRITER) $(C_TEST))
-include $(wildcard tests/*/*.mk aggregator/*/*.mk)

# ---- nginx module -----------------------------------------------------------

$(MODULE): conf/module config $(wildcard ngx_glinto_module/*.[ch] \
           schema/*.[ch] schema/*/*.[ch]) \
           $(BUILD)/embed/tracker.c $(BUILD)/embed/tracker.h | $(SETUP)
	+$(Q)PRECOMPILE=$(OFTEN) conf/module "$(OUT)" "$(CC)" "$(SAN)" \
	    $(if $(V),,>$(BUILD)/nginx.log)
