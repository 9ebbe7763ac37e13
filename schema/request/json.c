/* JSON before it is read; see json.h. */

#include "request/json.h"

#include <string.h>

#include "gl_assert.h"

#define ESCAPE_LEN 6 /* \u0041 */
#define IS_HIGH(unit) ((unit) >= 0xd800 && (unit) < 0xdc00)
#define IS_LOW(unit) ((unit) >= 0xdc00 && (unit) < 0xe000)

/* The number in the "\u0041" at AT; -1: there is none. */
static int
read_unit(const char *at, const char *end)
{
    int unit = 0, i;

    if (end - at < ESCAPE_LEN || at[0] != '\\' || at[1] != 'u')
        return -1;
    for (i = 2; i < ESCAPE_LEN; i++) {
        char c = at[i];
        if (c >= '0' && c <= '9')
            unit = unit << 4 | (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            unit = unit << 4 | ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

/* The first escape that is half a character; NULL: there is none. */
static const char *
find_half(const char *at, const char *end)
{
    while (at < end && (at = memchr(at, '\\', (size_t) (end - at))) != NULL) {
        int unit = read_unit(at, end);
        if (IS_HIGH(unit) && IS_LOW(read_unit(at + ESCAPE_LEN, end)))
            at += 2 * ESCAPE_LEN;
        else if (IS_HIGH(unit) || IS_LOW(unit))
            return at;
        else
            at += 2;
    }
    return NULL;
}

/* A copy of TEXT, in which HALF is the first half. */
static int
mend(struct gl_memory memory, struct gl_text text, const char *half,
     struct gl_text *mended)
{
    char *bytes = memory.get(memory.from, text.len);

    if (bytes == NULL)
        return -1;
    memcpy(bytes, text.data, text.len);
    for (; half != NULL;
         half = find_half(half + ESCAPE_LEN, text.data + text.len)) {
        GL_ASSERT(half - text.data + ESCAPE_LEN <= text.len);
        memcpy(bytes + (half - text.data), "\\ufffd", ESCAPE_LEN);
    }
    *mended = (struct gl_text){bytes, text.len};
    return 0;
}

static struct gl_text
without_mark(struct gl_text text)
{
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
        text.data += 3;
        text.len -= 3;
    }
    return text;
}

int
gl_json_begins(struct gl_text text, char c)
{
    uint32_t i = 0;

    text = without_mark(text);
    while (i < text.len && text.data[i] != '\0' &&
           strchr(" \t\r\n", text.data[i]) != NULL)
        i++;
    return i < text.len && text.data[i] == c;
}

int
gl_json_mend(struct gl_memory memory, struct gl_text text,
             struct gl_text *mended)
{
    text = without_mark(text);
    *mended = text;
    if (text.len == 0)
        return 0;
    const char *half = find_half(text.data, text.data + text.len);
    return half != NULL ? mend(memory, text, half, mended) : 0;
}
