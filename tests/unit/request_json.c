/*
 * Promise: half of a character in JSON becomes U+FFFD and nothing else is
 * touched, wherever it stands; a byte order mark goes; what needs nothing is
 * not copied.
 */

#include <string.h>

#include "request/json.h"
#include "request_memory.h"
#include "tap.h"

static struct request_memory memory;

static const struct {
    const char *text, *mended; /* NULL: the same, and no copy */
} rows[] = {
    {"", NULL},
    {"{\"a\":\"b\"}", NULL},
    {"\"\\ud83d\\ude00\"", NULL},
    {"\"\\uD83D\\uDE00\\u00e9\\n\\\\ud83d\"", NULL},
    {"\"\\\\\\\\ude00\"", NULL},
    {"\"\\ud83\"", NULL},
    {"\"\\ud83g\"", NULL},
    {"\\", NULL},
    {"\\u", NULL},
    {"\"\\u0000\"", NULL},
    {"\"a\\ud83d\"", "\"a\\ufffd\""},
    {"\"\\ude00\\ud83d\"", "\"\\ufffd\\ufffd\""},
    {"\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\""},
    {"\"\\\\\\ud83d\"", "\"\\\\\\ufffd\""},
    {"\\uDfFf", "\\ufffd"},
    {"\xef\xbb\xbf{}", "{}"},
    {"\xef\xbb\xbf\\udc00", "\\ufffd"},
    {"\xef\xbb", NULL},
};

int
main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gl_text text = {rows[i].text, (uint32_t) strlen(rows[i].text)};
        const char *want =
            rows[i].mended != NULL ? rows[i].mended : rows[i].text;
        int same = rows[i].mended == NULL;

        tap_int(gl_json_mend(request_memory_of(&memory, same ? 0 : -1), text,
                             &text),
                0, "%s is read", rows[i].text);
        tap_mem(text.data, text.len, want, strlen(want), "as %s", want);
        request_memory_free(&memory);
    }
    tap_int(gl_json_mend(request_memory_of(&memory, 0),
                         (struct gl_text){"\\ud83d", 6},
                         &(struct gl_text){NULL, 0}),
            -1, "no memory");
    tap_int(gl_json_begins((struct gl_text){"\xef\xbb\xbf [1]", 7}, '['), 1,
            "a list behind a byte order mark");
    tap_int(gl_json_begins((struct gl_text){"\r\n\t {", 5}, '{'), 1,
            "an object behind white space");
    tap_int(gl_json_begins((struct gl_text){"\0[", 2}, '['), 0,
            "a NUL is no white space");
    tap_int(gl_json_begins((struct gl_text){" ", 1}, '['), 0, "nothing");
    return tap_done();
}
