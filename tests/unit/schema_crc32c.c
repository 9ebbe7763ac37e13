/*
 * Promise: a checksum written by one machine is the one another computes: the
 * vectors of RFC 3720 B.4 hold, and the processor's instruction agrees with
 * the table for every length, alignment and division into parts.
 */

#include "crc32c.h"
#include "crc32c_internal.h"
#include "tap.h"

#include <string.h>

typedef uint32_t crc_fn(uint32_t before, const void *data, size_t len);

static void
vectors(crc_fn *crc, const char *name)
{
    /* RFC 3720 B.4: an iSCSI SCSI Read (10) command */
    static const uint8_t command[48] = {
        0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0,    0, 0, 0,    0, 0, 0, 0,
        0x14, 0,    0, 0, 0, 0, 4, 0, 0,    0, 0, 0x14, 0, 0, 0, 0x18,
        0x28, 0,    0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0,    0, 0, 0, 0};
    uint8_t bytes[32];
    int i;

    memset(bytes, 0, sizeof bytes);
    tap_uint(crc(0, bytes, 32), 0x8a9136aa, "%s: 32 bytes of zeros", name);
    memset(bytes, 0xff, sizeof bytes);
    tap_uint(crc(0, bytes, 32), 0x62a8ab43, "%s: 32 bytes of ones", name);
    for (i = 0; i < 32; i++)
        bytes[i] = (uint8_t) i;
    tap_uint(crc(0, bytes, 32), 0x46dd794e, "%s: 0 up to 31", name);
    for (i = 0; i < 32; i++)
        bytes[i] = (uint8_t) (31 - i);
    tap_uint(crc(0, bytes, 32), 0x113fdb5c, "%s: 31 down to 0", name);
    tap_uint(crc(0, command, 48), 0xd9963a56, "%s: the iSCSI command", name);
    tap_uint(crc(0, "123456789", 9), 0xe3069283, "%s: check word", name);
    tap_uint(crc(0, "", 0), 0, "%s: nothing", name);
}

int
main(void)
{
    uint8_t bytes[300];
    size_t from, len, i, differ = 0, part_differ = 0;

    vectors(gl_crc32c, "instruction");
    vectors(gl_crc32c_table_, "table");
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t) tap_random();
    for (from = 0; from < 9; from++)
        for (len = 0; from + len <= sizeof bytes; len++)
            differ += gl_crc32c(7, bytes + from, len) !=
                      gl_crc32c_table_(7, bytes + from, len);
    tap_uint(differ, 0, "instruction and table agree");
    for (i = 0; i <= sizeof bytes; i++)
        part_differ +=
            gl_crc32c(gl_crc32c(0, bytes, i), bytes + i, sizeof bytes - i) !=
            gl_crc32c(0, bytes, sizeof bytes);
    tap_uint(part_differ, 0, "in two parts as in one");
    return tap_done();
}
