/* Door: HTTP on the dashboard socket, WebSockets too.  Input: all that a
 * client sends. */

#include "fuzz.h"
#include "http.h"

static struct fuzz_http *http;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    http = fuzz_http_open(FUZZ_HTTP_DASHBOARD);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_http_try(http, data, size);
    return 0;
}
