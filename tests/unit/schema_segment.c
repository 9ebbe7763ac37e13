/*
 * Promise: the name of a segment is read as the id it was made of, and nothing
 * else is read as one; a file that ends like a segment is seen as one that may
 * be meant to be.
 */

#include "segment.h"
#include "tap.h"

#include <string.h>

static void
check_wrong(const char *name)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];

    tap_int(gl_segment_name_read(id, name), -1, "no segment's name: %s", name);
}

static void
check_round(int round)
{
    uint8_t id[GL_SEGMENT_ID_BYTES], got[GL_SEGMENT_ID_BYTES];
    char name[GL_SEGMENT_NAME_MAX];

    for (size_t i = 0; i < sizeof id; i++)
        id[i] = (uint8_t) (round * 17 + (int) i * 31);
    gl_segment_name(name, id);
    tap_int(gl_segment_name_read(got, name), 0, "%s is one", name);
    tap_mem(got, sizeof got, id, sizeof id, "and its id");
    tap_int(gl_segment_name_ends(name), 1, "and ends like one");
}

int
main(void)
{
    for (int round = 0; round < 16; round++)
        check_round(round);
    check_wrong("");
    check_wrong(".seg");
    check_wrong("0123456789abcdef0123456789abcde.seg");
    check_wrong("0123456789abcdef0123456789abcdef0.seg");
    check_wrong("0123456789ABCDEF0123456789abcdef.seg");
    check_wrong("0123456789abcdef0123456789abcdeg.seg");
    check_wrong("0123456789abcdef0123456789abcdef");
    check_wrong("0123456789abcdef0123456789abcdef.seg.damaged");
    check_wrong("t-0123456789abcdef0123456789abcdef.seg");
    tap_int(gl_segment_name_ends("x.seg"), 1, "any name before the end");
    tap_int(gl_segment_name_ends(".seg"), 0, "but some name");
    tap_int(gl_segment_name_ends("seg"), 0, "shorter than the end");
    tap_int(gl_segment_name_ends("x.seg.damaged"), 0, "another end");
    tap_int(gl_segment_name_ends(""), 0, "no name");
    return tap_done();
}
