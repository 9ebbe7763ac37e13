/* Lines of access logs; see line.h. */

#include "logs/line.h"

#include <string.h>

#include "logs/json.h"
#include "logs/time.h"
#include "logs/value.h"

/* How many backslashes stand before AT, not before FROM, is odd. */
static int
is_escaped(const char *from, const char *at)
{
    const char *first = at;

    while (first > from && first[-1] == '\\')
        first--;
    return (at - first) % 2;
}

/* Where MARK is in FROM..END, unless its quote is escaped; NULL: nowhere. */
static const char *
find(const char *from, const char *end, struct gl_text mark)
{
    const char *at = from;

    while ((at = memchr(at, mark.data[0], (size_t) (end - at))) != NULL) {
        if ((size_t) (end - at) >= mark.len &&
            memcmp(at, mark.data, mark.len) == 0 &&
            (mark.data[0] != '"' || !is_escaped(from, at)))
            return at;
        if (++at == end)
            break;
    }
    return NULL;
}

/* Of the last value of a line, without a mark behind it: up to a blank, but of
 * what may have some, all.  A line may go on behind a number. */
static const char *
find_end(const struct gl_logs_piece *piece, const char *from, const char *end)
{
    const char *at = memchr(from, ' ', (size_t) (end - from));

    switch (piece->field) {
    case GL_LOGS_TIME_LOCAL:
    case GL_LOGS_REQUEST:
    case GL_LOGS_PATH:
    case GL_LOGS_CITY:
    case GL_LOGS_TYPE:
    case GL_LOGS_FORWARDED:
    case GL_LOGS_HEADER:
        return end;
    default:
        return at != NULL ? at : end;
    }
}

static const char *
read_text(const struct gl_logs_format *format, struct gl_logs_memory *memory,
          struct gl_text line, struct gl_logs_record *record)
{
    const char *at = line.data, *end = line.data + line.len, *to;

    for (int i = 0; i < format->pieces_n; i++) {
        const struct gl_logs_piece *piece = &format->pieces[i];
        struct gl_text mark =
            i + 1 < format->pieces_n ? piece[1].before : format->after;

        if ((size_t) (end - at) < piece->before.len ||
            memcmp(at, piece->before.data, piece->before.len) != 0)
            return "does not fit the format";
        at += piece->before.len;
        to = mark.len > 0 ? find(at, end, mark) : find_end(piece, at, end);
        if (to == NULL)
            return "does not fit the format";
        gl_logs_value_(memory, piece,
                       (struct gl_text){at, (uint32_t) (to - at)}, 1, record);
        at = to;
    }
    return NULL;
}

const char *
gl_logs_line_read(const struct gl_logs_format *format,
                  struct gl_logs_memory *memory, struct gl_text line,
                  struct gl_logs_record *record)
{
    const char *wrong;

    memory->used = 0;
    memset(record, 0, sizeof *record);
    record->at_ms = GL_LOGS_NO_TIME;
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    if (line.len == 0)
        return "is empty";
    if (line.len > GL_LOGS_LINE_MAX)
        return "is longer than 64 KiB";
    wrong = format->kind == GL_LOGS_TEXT
                ? read_text(format, memory, line, record)
                : gl_logs_json_(format, memory, line, record);
    return wrong != NULL ? wrong : gl_logs_whole_(record);
}
