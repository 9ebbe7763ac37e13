/*
 * Door: where a visit came from.  Input: lines for referrer, host, site,
 * utm_source, utm_medium, utm_campaign, source, click_id, hosts.
 */

#include "enrich/enrich.h"
#include "fuzz.h"
#include "request/longest.h"

#include <limits.h>
#include <string.h>

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

static void
check(const struct gl_origin *origin)
{
    uint32_t i;

    FUZZ_MUST(origin->channel != NULL && origin->channel[0] != '\0');
    FUZZ_MUST(origin->source.len <= GL_UTF8_BYTES(GL_LONGEST_source));
    FUZZ_MUST(origin->referrer.len <= GL_LONGEST_referrer);
    FUZZ_MUST(origin->spam == 0 || origin->spam == 1);
    for (i = 0; i < origin->source.len; i++)
        FUZZ_MUST((uint8_t) origin->source.data[i] >= ' ');
    for (i = 0; i < origin->referrer.len; i++)
        FUZZ_MUST(origin->referrer.data[i] > ' ' &&
                  origin->referrer.data[i] < 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;
    struct gl_event event;
    struct gl_origin origin;

    fuzz_lines_split(&lines, 9, data, size);
    memset(&event, 0, sizeof event);
    event.kind = GL_PAGEVIEW;
    event.referrer = lines.line[0];
    event.host = lines.line[1];
    event.site = lines.line[2];
    event.utm_source = lines.line[3];
    event.utm_medium = lines.line[4];
    event.utm_campaign = lines.line[5];
    event.source = lines.line[6];
    event.click_id = lines.line[7];
    gl_enrich_origin(enrich, &origin, &event, lines.line[8]);
    check(&origin);
    fuzz_lines_free(&lines);
    return 0;
}
