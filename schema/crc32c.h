/*
 * CRC32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction
 * where it has one (SSE 4.2), else by a table.
 */

#ifndef GL_CRC32C_H
#define GL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* CRC of LEN bytes that follow bytes whose CRC is BEFORE (0 at the start). */
uint32_t gl_crc32c(uint32_t before, const void *data, size_t len);

#endif
