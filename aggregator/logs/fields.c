/* Which variable of nginx says what; see format.h. */

#include "logs/format.h"

#include <string.h>

#include "request/text.h"

#define WORD(word)                                                            \
    {                                                                         \
        word, sizeof(word) - 1                                                \
    }

static const struct {
    struct gl_text name;
    enum gl_logs_field field;
} variables[] = {
    {WORD("remote_addr"), GL_LOGS_ADDRESS},
    {WORD("http_x_forwarded_for"), GL_LOGS_FORWARDED},
    {WORD("http_x_real_ip"), GL_LOGS_FORWARDED},
    {WORD("time_local"), GL_LOGS_TIME_LOCAL},
    {WORD("time_iso8601"), GL_LOGS_TIME_ISO},
    {WORD("msec"), GL_LOGS_TIME_UNIX},
    {WORD("request"), GL_LOGS_REQUEST},
    {WORD("request_method"), GL_LOGS_METHOD},
    {WORD("request_uri"), GL_LOGS_URI},
    {WORD("uri"), GL_LOGS_PATH},
    {WORD("document_uri"), GL_LOGS_PATH},
    {WORD("args"), GL_LOGS_ARGS},
    {WORD("query_string"), GL_LOGS_ARGS},
    {WORD("server_protocol"), GL_LOGS_PROTOCOL},
    {WORD("status"), GL_LOGS_STATUS},
    {WORD("host"), GL_LOGS_HOST},
    {WORD("http_host"), GL_LOGS_HOST},
    {WORD("server_name"), GL_LOGS_HOST},
    {WORD("sent_http_content_type"), GL_LOGS_TYPE},
    {WORD("upstream_http_content_type"), GL_LOGS_TYPE},
    {WORD("geoip_country_code"), GL_LOGS_COUNTRY},
    {WORD("geoip_city_country_code"), GL_LOGS_COUNTRY},
    {WORD("geoip2_country_code"), GL_LOGS_COUNTRY},
    {WORD("geoip2_data_country_code"), GL_LOGS_COUNTRY},
    {WORD("geoip_region"), GL_LOGS_REGION},
    {WORD("geoip_city"), GL_LOGS_CITY},
};

void
gl_logs_piece_of(struct gl_logs_piece *piece, struct gl_text name,
                 char *memory)
{
    piece->field = GL_LOGS_SKIPPED;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        if (gl_text_is(name, variables[i].name))
            piece->field = variables[i].field;
    if (piece->field != GL_LOGS_SKIPPED || name.len <= 5 ||
        memcmp(name.data, "http_", 5) != 0)
        return;
    piece->field = GL_LOGS_HEADER;
    piece->name = (struct gl_text){memory, name.len - 5};
    for (uint32_t i = 5; i < name.len; i++)
        memory[i - 5] = name.data[i];
    for (uint32_t i = 0; i < piece->name.len; i++)
        if (memory[i] == '_')
            memory[i] = '-';
}
