/* The table's answer, for the test that holds it against the instruction's. */

#ifndef GL_CRC32C_INTERNAL_H
#define GL_CRC32C_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

uint32_t gl_crc32c_table_(uint32_t before, const void *data, size_t len);

#endif
