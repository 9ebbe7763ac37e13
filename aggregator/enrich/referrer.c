/*
 * The tables are jansson objects as they were read: a look-up is one hash.
 * One thread reads a table; nothing changes it after it is made, but what
 * domains.h remembers.
 */

#include "referrer.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "domains.h"

/* No known host has more labels: de.images.search.yahoo.com has five. */
#define LABELS_MAX 6
/* No known path is deeper: apollo.lv/portal/search. */
#define SEGMENTS_MAX 3
/* Longest tag that is looked up; the longest known one has 33 bytes. */
#define TAG_BYTES_MAX 63

struct gl_referrers {
    json_t *data;
    json_t *hosts; /* "t.co": ["X (Twitter)", "social"] */
    json_t *paths; /* "google.com": {"imgres": [...]} */
    json_t *tags;  /* "fb": [...] */
    json_t *spam;  /* "host": true; empty when there is no list */
    struct gl_domains domains;
};

/* A hostile list must not fill the memory; the known one has 2,500 lines. */
#define SPAM_LINES_MAX 100000

static int
load_spam(struct gl_referrers *referrers, const char *file)
{
    int i;
    char line[GL_LONGEST_host + 2];
    FILE *list = fopen(file, "re");

    if (list == NULL)
        return 0;
    for (i = 0; i < SPAM_LINES_MAX; i++) {
        if (fgets(line, sizeof line, list) == NULL)
            break;
        line[strcspn(line, " \t\r\n#")] = '\0';
        if (line[0] != '\0' &&
            json_object_set_new(referrers->spam, line, json_true()) == -1)
            i = SPAM_LINES_MAX;
    }
    i = i < SPAM_LINES_MAX && !ferror(list) ? 0 : -1;
    fclose(list);
    return i;
}

static int
load(struct gl_referrers *referrers, const char *data_dir, const char **why)
{
    char file[PATH_MAX];

    snprintf(file, sizeof file, "%s/referrers.json", data_dir);
    referrers->data = json_load_file(file, 0, NULL);
    if (referrers->data == NULL) {
        *why = "referrers.json is missing or is not JSON: build it again";
        return -1;
    }
    referrers->hosts = json_object_get(referrers->data, "hosts");
    referrers->paths = json_object_get(referrers->data, "paths");
    referrers->tags = json_object_get(referrers->data, "tags");
    if (json_object_size(referrers->hosts) == 0 ||
        !json_is_object(referrers->paths) ||
        json_object_size(referrers->tags) == 0) {
        *why = "referrers.json does not hold the tables: build it again";
        return -1;
    }
    snprintf(file, sizeof file, "%s/spammers.txt", data_dir);
    if (load_spam(referrers, file) == 0)
        return 0;
    *why = "spammers.txt is not a list of at most 99,999 hosts, one a line";
    return -1;
}

struct gl_referrers *
gl_referrers_new_(const char *data_dir, const char **why)
{
    struct gl_referrers *referrers = calloc(1, sizeof *referrers);

    *why = "out of memory";
    if (referrers == NULL)
        return NULL;
    referrers->spam = json_object();
    if (referrers->spam != NULL && load(referrers, data_dir, why) == 0)
        return referrers;
    gl_referrers_free_(referrers);
    return NULL;
}

void
gl_referrers_free_(struct gl_referrers *referrers)
{
    if (referrers == NULL)
        return;
    json_decref(referrers->data);
    json_decref(referrers->spam);
    free(referrers);
}

static enum gl_category
category(const char *word)
{
    static const char *const words[] = {[GL_CATEGORY_NONE] = "none",
                                        [GL_CATEGORY_SEARCH] = "search",
                                        [GL_CATEGORY_SOCIAL] = "social",
                                        [GL_CATEGORY_VIDEO] = "video",
                                        [GL_CATEGORY_SHOPPING] = "shopping",
                                        [GL_CATEGORY_EMAIL] = "email",
                                        [GL_CATEGORY_AI] = "ai",
                                        [GL_CATEGORY_PAID] = "paid"};
    size_t i;

    for (i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i]) == 0)
            return (enum gl_category) i;
    return GL_CATEGORY_NONE;
}

/* Fill SOURCE from a row ["name", "category"].  1, or 0: no such row. */
static int
take(struct gl_source *source, const json_t *row)
{
    const char *name = json_string_value(json_array_get(row, 0));

    if (name == NULL)
        return 0;
    source->name = name;
    source->category = category(json_string_value(json_array_get(row, 1)));
    return 1;
}

/* The longest known beginning of PATH. */
static int
take_path(struct gl_source *source, const json_t *known, struct gl_text path)
{
    uint32_t i;
    int found = 0, segments = 0;

    for (i = 1; i <= path.len && segments < SEGMENTS_MAX; i++) {
        if (i < path.len && path.data[i] != '/')
            continue;
        segments++;
        found |= take(source, json_object_getn(known, path.data + 1, i - 1));
    }
    return found;
}

/* HOST, or the part of it after its next dot; NULL: one label is left. */
static const char *
parent(const char *host)
{
    const char *dot = strchr(host, '.');

    return dot != NULL && strchr(dot + 1, '.') != NULL ? dot + 1 : NULL;
}

/* HOST without its first labels, so that at most LABELS_MAX are left. */
static const char *
tail(const char *host)
{
    int labels = 0;
    const char *at = host + strlen(host);

    while (at > host && labels < LABELS_MAX)
        labels += *--at == '.';
    return labels == LABELS_MAX ? at + 1 : host;
}

static int
take_host(const struct gl_referrers *referrers, struct gl_source *source,
          const char *host, struct gl_text path)
{
    for (host = tail(host); host != NULL; host = parent(host))
        if (take_path(source, json_object_get(referrers->paths, host), path) ||
            take(source, json_object_get(referrers->hosts, host)))
            return 1;
    return 0;
}

const char *
gl_referrers_domain_(struct gl_referrers *referrers, const char *host)
{
    return gl_domains_find_(&referrers->domains, host);
}

void
gl_referrers_name_(struct gl_referrers *referrers, struct gl_source *source,
                   const struct gl_url *url)
{
    memset(source, 0, sizeof *source);
    if (url->app) {
        if (!take(source, json_object_get(referrers->hosts, url->host)))
            source->name = url->host;
    } else if (!take_host(referrers, source, url->host, url->path)) {
        source->name = gl_referrers_domain_(referrers, url->host);
    }
}

/* "facebook-ads", "fb_ad", "linkedinads": the word before, or 0. */
static size_t
before_ads(const char *tag, size_t len)
{
    if (len > 3 && strcmp(tag + len - 3, "ads") == 0)
        len -= 3;
    else if (len > 2 && strcmp(tag + len - 2, "ad") == 0)
        len -= 2;
    else
        return 0;
    while (len > 0 && strchr("-_. ", tag[len - 1]) != NULL)
        len--;
    return len;
}

int
gl_referrers_tag_(const struct gl_referrers *referrers,
                  struct gl_source *source, struct gl_text tag)
{
    static const struct gl_text no_path;
    size_t i;
    char word[TAG_BYTES_MAX + 1];

    memset(source, 0, sizeof *source);
    if (tag.len == 0 || tag.len > TAG_BYTES_MAX)
        return -1;
    for (i = 0; i < tag.len; i++) {
        word[i] = tag.data[i];
        if (word[i] >= 'A' && word[i] <= 'Z')
            word[i] += 'a' - 'A';
    }
    word[i] = '\0';
    if (take(source, json_object_getn(referrers->tags, word, i))) {
        source->paid = strcmp(word, "adwords") == 0;
        return 0;
    }
    i = before_ads(word, i);
    if (i > 0 && take(source, json_object_getn(referrers->tags, word, i))) {
        source->paid = 1;
        return 0;
    }
    if (strchr(word, '.') != NULL)
        return take_host(referrers, source, word, no_path) ? 0 : -1;
    return -1;
}

int
gl_referrers_spam_(const struct gl_referrers *referrers, const char *host)
{
    if (json_object_size(referrers->spam) == 0)
        return 0;
    for (host = tail(host); host != NULL; host = parent(host))
        if (json_object_get(referrers->spam, host) != NULL)
            return 1;
    return 0;
}
