/* What a line is; see judge.h. */

#include "logs/judge.h"

#include <string.h>
#include <strings.h>

#include "request/text.h"

static const struct {
    const char *word, *sentence;
} classes[] = {
#define CLASS(name, word, sentence) {word, sentence},
#include "logs/classes.def"
#undef CLASS
};

/* Endings of what is no page; sorted. */
static const char *const endings[] = {
    "7z",   "apk",   "atom", "avi",  "avif", "bmp",  "br",          "bz2",
    "cjs",  "css",   "csv",  "cur",  "deb",  "dmg",  "doc",         "docx",
    "eot",  "epub",  "exe",  "flac", "gif",  "gz",   "heic",        "ico",
    "ics",  "iso",   "jar",  "jpeg", "jpg",  "js",   "json",        "jsonld",
    "jxl",  "m3u8",  "m4a",  "m4s",  "m4v",  "map",  "mjs",         "mkv",
    "mov",  "mp3",   "mp4",  "mpd",  "msi",  "odt",  "oga",         "ogg",
    "ogv",  "opus",  "otf",  "pdf",  "pkg",  "png",  "ppt",         "pptx",
    "rar",  "rpm",   "rss",  "svg",  "swf",  "tar",  "tgz",         "tif",
    "tiff", "ttf",   "txt",  "wasm", "wav",  "webm", "webmanifest", "webp",
    "woff", "woff2", "xls",  "xlsx", "xml",  "xz",   "zip",         "zst",
};
#define ENDINGS_N (sizeof endings / sizeof endings[0])

const char *gl_logs_class_word(enum gl_logs_class class)
{
    return classes[class].word;
}

const char *gl_logs_class_sentence(enum gl_logs_class class)
{
    return classes[class].sentence;
}

/* The path of a uri, without query. */
static struct gl_text
path_of(const struct gl_logs_record *record)
{
    struct gl_text path = record->uri.len > 0 ? record->uri : record->path;
    const char *query = path.len > 0 ? memchr(path.data, '?', path.len) : NULL;

    if (query != NULL && record->uri.len > 0)
        path.len = (uint32_t) (query - path.data);
    return path;
}

static int
has_asset_ending(struct gl_text path)
{
    char ending[16];
    uint32_t from = path.len, low = 0, high = ENDINGS_N;

    while (from > 0 && path.data[from - 1] != '.' &&
           path.data[from - 1] != '/')
        from--;
    if (from == 0 || path.data[from - 1] == '/' ||
        path.len - from >= sizeof ending)
        return 0;
    for (uint32_t i = from; i < path.len; i++)
        ending[i - from] = (char) (path.data[i] | 0x20);
    ending[path.len - from] = '\0';
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = strcmp(ending, endings[middle]);

        if (order == 0)
            return 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

static int
begins(struct gl_text text, const char *word)
{
    size_t len = strlen(word);

    return text.len >= len && strncasecmp(text.data, word, len) == 0;
}

static int
is_asset(const struct gl_logs_record *record, struct gl_text path)
{
    if (record->type.len > 0)
        return !begins(record->type, "text/html") &&
               !begins(record->type, "application/xhtml+xml");
    if (record->dest.len > 0)
        return !begins(record->dest, "document");
    return has_asset_ending(path);
}

/* The dashboard below /glinto: nobody's view of the site. */
static int
is_own(struct gl_text path)
{
    return begins(path, "/glinto") && (path.len == 7 || path.data[7] == '/');
}

static enum gl_logs_class
judge_status(const struct gl_logs_record *record)
{
    int status = record->status;

    if (status == 304)
        return record->dest.len == 0 || begins(record->dest, "document")
                   ? GL_LOGS_IS_PAGE
                   : GL_LOGS_IS_ASSET;
    if (status == 200)
        return GL_LOGS_IS_PAGE;
    if (status >= 500)
        return GL_LOGS_IS_FAILED;
    if (status >= 400)
        return GL_LOGS_IS_MISSING;
    return status >= 300 ? GL_LOGS_IS_REDIRECT : GL_LOGS_IS_OTHER;
}

/* What the headers that the log has tell. */
static enum gl_logs_class
judge_headers(const struct gl_logs_format *format,
              const struct gl_logs_record *record)
{
    const struct gl_text unknown = {"?", 1};
    struct gl_headers headers = record->headers;

    if (!format->has_evidence)
        headers.evidence |= GL_EVIDENCE_LANGUAGE;
    switch (gl_headers_judge(&headers,
                             format->has_agent ? record->agent : unknown)) {
    case GL_OF_PREFETCH:
        return GL_LOGS_IS_PREFETCH;
    case GL_OF_BOT:
        return GL_LOGS_IS_BOT;
    case GL_OF_PERSON:
        break;
    }
    return GL_LOGS_IS_PAGE;
}

enum gl_logs_class
gl_logs_judge(const struct gl_logs_format *format,
              const struct gl_logs_record *record)
{
    const struct gl_text get = {"GET", 3};
    struct gl_text path = path_of(record);
    enum gl_logs_class class;

    if (!gl_text_is(record->method, get))
        return GL_LOGS_IS_METHOD;
    if (is_own(path))
        return GL_LOGS_IS_OWN;
    /* an answer without a body has no type */
    if ((record->status == 200 || record->type.len == 0) &&
        is_asset(record, path))
        return GL_LOGS_IS_ASSET;
    class = judge_status(record);
    return class == GL_LOGS_IS_PAGE ? judge_headers(format, record) : class;
}
