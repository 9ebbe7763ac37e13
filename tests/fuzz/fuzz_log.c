/*
 * Door: a line of an access log, in which clients wrote most of what stands
 * there; the format is the operator's.  The first line of an input is the
 * format, the others are lines.  A page that is taken is an event that
 * encodes, whose texts may be kept; a chunk of it comes back as it was.
 */

#include "fuzz.h"
#include "logs/chunk.h"
#include "logs/judge.h"
#include "logs/line.h"
#include "logs/page.h"
#include "request/utf8.h"

#include <string.h>

#define LINES 8

static char memory_bytes[GL_LOGS_MEMORY_MAX];
static struct gl_logs_format format;

static void
check_chunk(const struct gl_event *event)
{
    uint8_t bytes[32768];
    struct gl_logs_chunk chunk = {bytes, sizeof bytes, 0};
    const uint8_t *at = bytes;
    struct gl_logs_item item;
    struct gl_decoder *decoder = gl_decoder_new();
    struct gl_event back;
    const char *why;
    size_t len;

    gl_logs_chunk_begin(&chunk);
    FUZZ_MUST(gl_logs_chunk_event(&chunk, event) == 0);
    len = chunk.used;
    FUZZ_MUST(gl_logs_chunk_next(&at, &len, 1, &item) == 1);
    FUZZ_MUST(item.kind == GL_LOGS_EVENT && item.at_ms == event->at_ms);
    FUZZ_MUST(gl_event_decode(decoder, &back, item.payload, item.payload_len,
                              &why) == 0);
    FUZZ_MUST(back.path.len == event->path.len &&
              memcmp(back.path.data, event->path.data, back.path.len) == 0);
    FUZZ_MUST(gl_logs_chunk_next(&at, &len, 0, &item) == 0);
    gl_decoder_free(decoder);
}

static void
read_line(struct gl_text line)
{
    const struct gl_text site = {"site.example", 12};
    struct gl_logs_memory memory = {memory_bytes, sizeof memory_bytes, 0};
    struct gl_logs_record record;
    struct gl_event event;
    char bytes[GL_VISITOR_BYTES_MAX];
    const char *wrong = gl_logs_line_read(&format, &memory, line, &record);

    if (wrong != NULL) {
        FUZZ_MUST(wrong[0] != '\0');
        return;
    }
    FUZZ_MUST(record.status >= 100 && record.status <= 999);
    FUZZ_MUST(record.address.len > 0);
    (void) gl_logs_is_of(&memory, &record, site);
    if (gl_logs_judge(&format, &record) != GL_LOGS_IS_PAGE ||
        gl_logs_page_read(&memory, &record, site, &event) != NULL)
        return;
    FUZZ_MUST(event.path.len > 0 && gl_utf8_is_kept(event.path));
    FUZZ_MUST(gl_utf8_is_kept(event.referrer) && event.host.len > 0);
    FUZZ_MUST(gl_logs_visitor_bytes(bytes, &record, &event) > 0);
    event.visitor = GL_VISITOR_IMPORTED | 1;
    check_chunk(&event);
}

/* Bytes that are a chunk of their own: it ends, within them. */
static void
read_chunk(const uint8_t *data, size_t size)
{
    struct gl_logs_item item;
    const uint8_t *at = data;
    size_t len = size;
    int more = gl_logs_chunk_next(&at, &len, 1, &item);

    while (more == 1) {
        FUZZ_MUST(at > data && at + len == data + size);
        FUZZ_MUST(item.payload + item.payload_len == at);
        more = gl_logs_chunk_next(&at, &len, 0, &item);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;
    char text[GL_LOGS_FORMAT_MAX], why[256] = "";

    read_chunk(data, size);
    fuzz_lines_split(&lines, LINES, data, size);
    if (lines.line[0].len >= sizeof text)
        lines.line[0].len = sizeof text - 1;
    if (lines.line[0].len > 0)
        memcpy(text, lines.line[0].data, lines.line[0].len);
    text[lines.line[0].len] = '\0';
    if (gl_logs_format_read(&format, text, why, sizeof why) == 0)
        for (int i = 1; i < LINES; i++)
            read_line(lines.line[i]);
    else
        FUZZ_MUST(why[0] != '\0');
    fuzz_lines_free(&lines);
    return 0;
}
