/*
 * Door: a page's address.  Input: the address; the hash counts when the first
 * byte is '#', which is then left out.
 */

#include "blocks.h"
#include "fuzz.h"
#include "payload.h"
#include "request/host.h"
#include "request/page.h"

#include <string.h>

/* gl_page_read() says how often it takes the address's length at most. */
#define TIMES_MAX 7

/* Returns how many pieces of memory were taken. */
static size_t
read_page(struct gl_text address, int hash, size_t allowed)
{
    static struct blocks blocks;
    struct gl_event event;
    const char *wrong = NULL;
    size_t taken;
    int result;

    memset(&event, 0, sizeof event);
    blocks_init(&blocks, allowed);
    result =
        gl_page_read(blocks_memory(&blocks), address, hash, &event, &wrong);
    FUZZ_MUST(result == 0 || (result == -1 && blocks.n == allowed));
    FUZZ_MUST(blocks.bytes <=
              TIMES_MAX * (size_t) address.len + TIMES_MAX + GL_HOST_MEMORY);
    if (result == 0 && wrong == NULL) {
        FUZZ_MUST(event.host.len > 0 && event.path.len > 0);
        event.schema = GL_EVENT_SCHEMA;
        event.kind = GL_PAGEVIEW;
        event.site = event.host;
        event.visitor = 1;
        payload_check(&event);
    }
    taken = blocks.n;
    blocks_free(&blocks);
    return taken;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;
    struct gl_text address;
    size_t taken;
    int hash;

    fuzz_lines_split(&lines, 1, data, size);
    address = lines.line[0];
    hash = address.len > 0 && address.data[0] == '#';
    address.data += hash;
    address.len -= (uint32_t) hash;
    taken = read_page(address, hash, SIZE_MAX);
    /* which one fails is another one for each input, always the same */
    if (taken > 0)
        read_page(address, hash, (taken * 7 / 3) % taken);
    fuzz_lines_free(&lines);
    return 0;
}
