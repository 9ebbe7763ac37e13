/*
 * No door: a target that breaks on purpose, so that replay.t can see that a
 * broken target is noticed.  "must" fails a check; "end" reads behind the
 * input, which only a sanitized build notices.
 */

#include "fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const volatile uint8_t *bytes = data;

    FUZZ_MUST(size < 4 || memcmp(data, "must", 4) != 0);
    if (size >= 3 && memcmp(data, "end", 3) == 0)
        (void) bytes[size];
    return 0;
}
