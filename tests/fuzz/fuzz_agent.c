/*
 * Door: the User-Agent.  Whatever it is, the answer is short printable ASCII,
 * the same from the cache, and soon there.
 */

#include "enrich/enrich.h"
#include "fuzz.h"

#include <limits.h>
#include <string.h>
#include <time.h>

/*
 * CPU time of one look-up.  The slowest text known takes 4 us, and a tenth of
 * a millisecond when it is the first to need an expression.
 */
#define LOOK_MS_MAX 20

static struct gl_enrich *enrich;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char dir[PATH_MAX];
    const char *why = "";

    (void) argc;
    (void) argv;
    fuzz_data_dir(dir);
    enrich = gl_enrich_new(dir, &why);
    if (enrich == NULL)
        fprintf(stderr, "%s: %s\n", dir, why);
    FUZZ_MUST(enrich != NULL);
    return 0;
}

static int64_t
cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
check_text(const char *text, size_t size)
{
    size_t len = strnlen(text, size), i;

    FUZZ_MUST(len < size);
    for (i = 0; i < len; i++)
        FUZZ_MUST(text[i] >= ' ' && text[i] < 0x7f);
}

#define CHECK(agent, member)                                                  \
    check_text((agent)->member, sizeof((agent)->member))

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gl_text text = {(const char *) data, (uint32_t) size};
    const struct gl_agent *agent;
    struct gl_agent first;
    int64_t start_ms = cpu_ms();

    first = *gl_enrich_agent(enrich, text);
    FUZZ_MUST(cpu_ms() - start_ms < LOOK_MS_MAX);
    CHECK(&first, browser);
    CHECK(&first, browser_version);
    CHECK(&first, os);
    CHECK(&first, os_version);
    CHECK(&first, device);
    CHECK(&first, bot);
    agent = gl_enrich_agent(enrich, text);
    FUZZ_MUST(strcmp(agent->browser, first.browser) == 0);
    FUZZ_MUST(strcmp(agent->browser_version, first.browser_version) == 0);
    FUZZ_MUST(strcmp(agent->os, first.os) == 0);
    FUZZ_MUST(strcmp(agent->os_version, first.os_version) == 0);
    FUZZ_MUST(strcmp(agent->device, first.device) == 0);
    FUZZ_MUST(strcmp(agent->bot, first.bot) == 0);
    return 0;
}
