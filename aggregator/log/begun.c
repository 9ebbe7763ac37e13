/* The first turn of a splitter; see begun.h. */

#include "log/begun.h"

#include <stdio.h>
#include <string.h>

struct beginning {
    struct gl_lanes *lanes;
    int rc;
};

static void
take_position(void *arg, const uint8_t seg[GL_SEGMENT_ID_BYTES], uint32_t upto)
{
    struct beginning *b = arg;

    if (b->rc >= 0)
        b->rc = gl_lanes_set_upto(b->lanes, seg, upto);
}

static void
ignore_position(void *arg, const uint8_t seg[GL_SEGMENT_ID_BYTES],
                uint32_t upto)
{
    (void) arg;
    (void) seg;
    (void) upto;
}

/* RC of .lanes, as an answer. */
static int
answer(const struct gl_lanes *lanes, int rc, char *why, size_t why_len)
{
    if (rc < 0)
        snprintf(why, why_len, "%s", gl_lanes_why(lanes));
    return rc < 0 ? -1 : 0;
}

/* An older version did not note which was the first. */
static int
begin(struct gl_lanes *lanes, const struct gl_split_before *before, int begun,
      const char *first, char *why, size_t why_len)
{
    struct beginning b = {lanes, gl_lanes_begin(lanes)};

    if (b.rc >= 0 &&
        before->ask(before->arg, begun ? ignore_position : take_position, &b,
                    why, why_len) != 0)
        return -1;
    if (b.rc >= 0)
        b.rc = gl_lanes_set_begun(lanes, first);
    if (b.rc >= 0)
        b.rc = gl_lanes_commit(lanes);
    return answer(lanes, b.rc, why, why_len);
}

int
gl_begun(struct gl_lanes *lanes, const struct gl_split_before *before,
         const char *first, char *why, size_t why_len)
{
    char was[GL_LANES_NAME_MAX];
    int begun = gl_lanes_begun(lanes, was);

    if (begun < 0)
        return answer(lanes, begun, why, why_len);
    if (!begun || was[0] == '\0')
        return begin(lanes, before, begun, first, why, why_len);
    if (strcmp(was, first) == 0)
        return 0;
    snprintf(why, why_len,
             "the first primary was \"%s\" when lanes began, and is \"%s\" in "
             "the cluster file",
             was, first);
    return -1;
}
