/* One line of a log, and how one that cannot be read is shown. */

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "cli/log.h"
#include "logs/page.h"

/* A clock that is a day ahead is a mistake. */
#define AHEAD_MS INT64_C(86400000)

enum gl_logs_class
gl_cli_log_read_line(struct gl_cli_log *log, struct gl_text text,
                     struct gl_logs_record *record, struct gl_event *event,
                     const char **why)
{
    struct gl_text site = {log->domain, (uint32_t) strlen(log->domain)};
    *why = gl_logs_line_read(&log->format, &log->memory, text, record);
    if (*why == NULL && record->at_ms < 0)
        *why = "lies before 1970";
    if (*why == NULL && record->at_ms > log->now_ms + AHEAD_MS)
        *why = "lies in the future";
    if (*why != NULL)
        return GL_LOGS_IS_UNREADABLE;
    if (!gl_logs_is_of(&log->memory, record, site))
        return GL_LOGS_IS_HOST;
    enum gl_logs_class class = gl_logs_judge(&log->format, record);
    if (class != GL_LOGS_IS_PAGE)
        return class;
    *why = gl_logs_page_read(&log->memory, record, site, event);
    return *why != NULL ? GL_LOGS_IS_UNREADABLE : class;
}

/* ---- without addresses ---- */

static int
is_of_address(char c)
{
    return isxdigit((unsigned char) c) || c == ':' || c == '.' || c == '-';
}

/* How many groups of digits with "." or "-" between TEXT begins with. */
static int
groups_of_digits(const char *text, size_t len)
{
    int n = 0;
    size_t i = 0;
    while (i < len && isdigit((unsigned char) text[i])) {
        size_t digits = 0;
        for (; i < len && isdigit((unsigned char) text[i]); i++)
            digits++;
        if (digits > 3)
            return n;
        n++;
        if (i == len || (text[i] != '.' && text[i] != '-'))
            break;
        i++;
    }
    return n;
}

/* TEXT, of characters of an address alone, is one or has one in it. */
static int
is_address(const char *text, size_t len)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr six;
    size_t colons = 0;
    for (size_t i = 0; i < len; i++) {
        colons += text[i] == ':';
        if ((i == 0 || !isdigit((unsigned char) text[i - 1])) &&
            groups_of_digits(text + i, len - i) >= 4)
            return 1;
    }
    if (colons < 2 || len >= sizeof copy)
        return colons >= 2 && len >= sizeof copy;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return inet_pton(AF_INET6, copy, &six) == 1;
}

static size_t
append(char *shown, size_t at, const char *text, size_t len)
{
    size_t room = GL_CLI_LOG_SHOWN - 1 - at;
    if (len > room)
        len = room;
    memcpy(shown + at, text, len);
    return at + len;
}

static void
show(char shown[GL_CLI_LOG_SHOWN], struct gl_text text)
{
    static const char hidden[] = "ADDRESS";
    size_t at = 0, end;
    for (size_t i = 0; i < text.len && at < GL_CLI_LOG_SHOWN - 1; i = end) {
        for (end = i; end < text.len && is_of_address(text.data[end]);)
            end++;
        if (end > i && is_address(text.data + i, end - i))
            at = append(shown, at, hidden, sizeof hidden - 1);
        else
            at = append(shown, at, text.data + i,
                        end > i ? end - i : (end = i + 1) - i);
    }
    shown[at] = '\0';
    for (size_t i = 0; i < at; i++)
        if ((unsigned char) shown[i] >= 0x7f)
            shown[i] = '?';
    gl_cli_tame(shown);
}

void
gl_cli_log_odd(struct gl_cli_log *log, const char *why, struct gl_text text)
{
    struct gl_cli_log_odd *odd = &log->odd;
    if (odd->n < GL_CLI_LOG_EXAMPLES) {
        odd->examples[odd->n].path = log->input.path;
        odd->examples[odd->n].why = why;
        odd->examples[odd->n].line = log->first_line + log->line;
        show(odd->examples[odd->n].text, text);
    }
    odd->n++;
}
