/* Sums of sealed days; see sealed_sums.h. */

#include "query/sums/sealed_sums.h"

#include <string.h>

#include "crc32c.h"
#include "question/terms.h"

uint32_t
gl_sealed_sums_what(unsigned which)
{
    const char *word = "";

    if (which == GL_SUMS_HOURS)
        word = "hours";
    else if (which != GL_SUMS_NONE)
        word = gl_term_dimension_word((enum gl_dimension)(which - 1));
    return gl_crc32c(0, word, strlen(word));
}

static int
load(struct gl_account *reader, const struct gl_sealed_day *day,
     unsigned which, unsigned part, struct gl_sums **sums)
{
    GByteArray *bytes = g_byte_array_new();
    int rc =
        gl_sealed_load_sums(reader, day, which + part * GL_SUMS_PART, bytes);

    *sums = rc == 0 && bytes->len > 0
                ? gl_sums_unpack(bytes, gl_sealed_sums_what(which))
                : NULL;
    g_byte_array_unref(bytes);
    return rc;
}

/* Which they may be by, number I of those; PART = no more. */
static unsigned
which_of(const struct gl_plan *plan, int i)
{
    static const unsigned times[] = {GL_SUMS_NONE, GL_SUMS_DAYS, GL_SUMS_HOURS,
                                     GL_SUMS_PART};

    if (plan != NULL && plan->axes[0].place.what == GL_DIMENSION_TIME)
        return times[i];
    if (i > 0)
        return GL_SUMS_PART;
    return plan == NULL ? GL_SUMS_NONE
                        : 1 + (unsigned) plan->axes[0].place.what;
}

static unsigned
part_of(struct gl_stretch of)
{
    return of.from > 0 ? 2 : of.to != GL_STRETCH_ALL;
}

int
gl_sealed_sums_load(struct gl_account *reader, const struct gl_sealed_day *day,
                    struct gl_stretch of, const struct gl_plan *plan,
                    struct gl_sums **sums)
{
    int rc = 0;

    *sums = NULL;
    for (int i = 0;
         rc == 0 && *sums == NULL && which_of(plan, i) < GL_SUMS_PART; i++) {
        rc = load(reader, day, which_of(plan, i), part_of(of), sums);
        if (*sums != NULL && !gl_sums_fit(*sums, of, plan, day->day)) {
            gl_sums_free(*sums);
            *sums = NULL;
        }
    }
    return rc;
}
