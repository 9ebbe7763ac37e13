/* What nginx shows by itself; see shown.h.  Loop thread. */

#include "serve/shown.h"

#include "gl_assert.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "dashboard/render.h"
#include "domain.h"
#include "access/elsewhere.h"
#include "language/language.h"
#include "serve/folder.h"

#define SITES_MAX 256 /* some 75 KB each on tmpfs */

/* A site on a host. */
struct site {
    TAILQ_ENTRY(site) link;
    int64_t id;
    char domain[GL_DOMAIN_BYTES];
    char host[GL_DOMAIN_BYTES]; /* as nginx's $host has it */
    unsigned fresh;             /* languages of which there is a now.html */
};

TAILQ_HEAD(site_list, site);

struct gl_shown {
    const struct gl_access *access;
    struct gl_folder *folder;
    struct site_list sites; /* the last shown first */
    int sites_n;
};

/* HOST, a header, in the form that nginx's $host has it: in small letters,
 * without port and last dot.  0, or -1: no name of a folder. */
static int
read_host(const char *header, char host[GL_DOMAIN_BYTES])
{
    size_t len = header == NULL ? 0 : strcspn(header, ":");

    if (len > 0 && header[len - 1] == '.')
        len--;
    if (len == 0 || len >= GL_DOMAIN_BYTES)
        return -1;
    for (size_t i = 0; i < len; i++)
        host[i] = g_ascii_tolower(header[i]);
    host[len] = '\0';
    return 0;
}

/* Of files for who is spoken to so: "de", "" for whoever asks, NULL = none is
 * made; *BIT of "fresh". */
static const char *
language_of(unsigned *bit)
{
    struct gl_speech speech = gl_spoken();

    if (speech.by == GL_LANGUAGE_CHOSEN)
        return NULL;
    *bit = 1u << (speech.by == GL_LANGUAGE_FIXED ? GL_LANGUAGES_N
                                                 : (int) speech.language);
    return speech.by == GL_LANGUAGE_FIXED ? ""
                                          : gl_language_code(speech.language);
}

static struct site *
find(struct gl_shown *shown, const char *domain, const char *host)
{
    struct site *site;

    TAILQ_FOREACH (site, &shown->sites, link)
        if (strcmp(site->domain, domain) == 0 && strcmp(site->host, host) == 0)
            break;
    return site;
}

static void
drop(struct gl_shown *shown, struct site *site)
{
    gl_folder_remove(shown->folder, site->host, site->domain);
    TAILQ_REMOVE(&shown->sites, site, link);
    shown->sites_n--;
    g_free(site);
}

static struct site *
add(struct gl_shown *shown, int64_t id, const char *domain, const char *host)
{
    struct site *site = g_new0(struct site, 1);

    site->id = id;
    g_strlcpy(site->domain, domain, sizeof site->domain);
    g_strlcpy(site->host, host, sizeof site->host);
    if (shown->sites_n == SITES_MAX)
        drop(shown, TAILQ_LAST(&shown->sites, site_list));
    TAILQ_INSERT_HEAD(&shown->sites, site, link);
    shown->sites_n++;
    return site;
}

/* A glinto.conf of before had its numbers here. */
static int
is_elsewhere(const struct gl_shown *shown, const struct gl_meta_site *site)
{
    struct gl_directory *directory = shown->access->directory;
    int elsewhere = gl_elsewhere_site(
        shown->access->conf, gl_directory_enter(directory), site, NULL);

    gl_directory_leave(directory);
    return elsewhere;
}

/* A stranger may see it there; *ID is the site's of now. */
static int
is_open(const struct gl_shown *shown, const char *domain, const char *host,
        int64_t *id)
{
    const struct gl_asker stranger = {.host = host};
    struct gl_meta_site site;
    const char *sentence;

    if (gl_access_check(shown->access, GL_ACCESS_SEE, &stranger, domain, &site,
                        &sentence) != 200 ||
        strcmp(site.domain, domain) != 0 || is_elsewhere(shown, &site))
        return 0;
    *id = site.id;
    return 1;
}

int
gl_shown_open(struct gl_shown *shown, const struct gl_meta_site *wanted,
              const char *header)
{
    char host[GL_DOMAIN_BYTES];
    unsigned bit = 0;
    int64_t id;

    if (!wanted->is_public || read_host(header, host) == -1 ||
        !gl_folder_fits(host, wanted->domain) ||
        !is_open(shown, wanted->domain, host, &id) || id != wanted->id)
        return 0;
    struct site *site = find(shown, wanted->domain, host);
    if (site == NULL) {
        if (gl_folder_mark(shown->folder, host, wanted->domain) == -1)
            return 0;
        site = add(shown, id, wanted->domain, host);
    }
    TAILQ_REMOVE(&shown->sites, site, link);
    TAILQ_INSERT_HEAD(&shown->sites, site, link);
    return language_of(&bit) != NULL && (site->fresh & bit) == 0;
}

void
gl_shown_put(struct gl_shown *shown, int64_t id, const char *page)
{
    unsigned bit = 0;
    const char *language = language_of(&bit);
    struct site *site;

    TAILQ_FOREACH (site, &shown->sites, link) {
        if (site->id != id || language == NULL)
            continue;
        site->fresh |= bit;
        if (gl_folder_put(shown->folder, site->host, site->domain, language,
                          page, strlen(page)) == 0)
            continue;
        site->fresh &= ~bit; /* the one before is old */
        gl_folder_rest(shown->folder, site->host, site->domain, language);
    }
}

void
gl_shown_rest(struct gl_shown *shown, int64_t id)
{
    unsigned bit = 0;
    const char *language = language_of(&bit);
    struct site *site;

    TAILQ_FOREACH (site, &shown->sites, link) {
        if (site->id != id || language == NULL || (site->fresh & bit) == 0)
            continue;
        gl_folder_rest(shown->folder, site->host, site->domain, language);
        site->fresh &= ~bit;
    }
}

void
gl_shown_remove(struct gl_shown *shown, const char *domain)
{
    struct site *site = TAILQ_FIRST(&shown->sites);

    while (site != NULL) {
        struct site *next = TAILQ_NEXT(site, link);

        if (strcmp(site->domain, domain) == 0)
            drop(shown, site);
        site = next;
    }
}

void
gl_shown_check(struct gl_shown *shown)
{
    struct site *site = TAILQ_FIRST(&shown->sites);

    while (site != NULL) {
        struct site *next = TAILQ_NEXT(site, link);
        int64_t id;

        if (!is_open(shown, site->domain, site->host, &id) || id != site->id)
            drop(shown, site);
        site = next;
    }
}

/* ---- life ---- */

/* From another life: its numbers are the last, whatever they were. */
static void
find_again(void *arg, const char *host, const char *domain)
{
    struct gl_shown *shown = arg;
    int64_t id;

    GL_ASSERT(host[0] != '.' && domain[0] != '.');

    if (!is_open(shown, domain, host, &id)) {
        gl_folder_remove(shown->folder, host, domain);
        return;
    }
    gl_folder_rest_all(shown->folder, host, domain);
    add(shown, id, domain, host);
}

static void
put_asset(void *arg, const char *name, const struct gl_asset *asset)
{
    struct gl_shown *shown = arg;

    gl_folder_put_asset(shown->folder, name, asset->data, asset->len);
}

/* In the language that nginx is asked in, or that of all pages. */
static void
put_aside(struct gl_shown *shown, const char *name, enum gl_language asked)
{
    const char *fixed = shown->access->conf->language;
    const struct gl_speech before = gl_spoken();
    struct gl_speech speech = {asked, GL_LANGUAGE_ACCEPTED};
    size_t len = 0;

    gl_language_find(fixed, strlen(fixed), &speech.language);
    gl_speak(speech);
    char *page = gl_render_aside(name, &len);
    gl_speak(before);
    if (page != NULL)
        gl_folder_put_aside(shown->folder, name, gl_language_code(asked), page,
                            len);
    free(page);
}

void
gl_shown_asides(struct gl_shown *shown)
{
    for (int i = 0; i < GL_LANGUAGES_N; i++) {
        put_aside(shown, "paused", (enum gl_language) i);
        put_aside(shown, "slow", (enum gl_language) i);
    }
}

struct gl_shown *
gl_shown_new(const struct gl_access *access, const char *folder)
{
    struct gl_shown *shown = g_new0(struct gl_shown, 1);

    shown->access = access;
    shown->folder = gl_folder_open(folder);
    TAILQ_INIT(&shown->sites);
    gl_folder_each(shown->folder, find_again, shown);
    gl_render_assets(put_asset, shown);
    gl_shown_asides(shown);
    return shown;
}

void
gl_shown_free(struct gl_shown *shown)
{
    if (shown == NULL)
        return;
    while (!TAILQ_EMPTY(&shown->sites)) {
        struct site *site = TAILQ_FIRST(&shown->sites);

        TAILQ_REMOVE(&shown->sites, site, link);
        g_free(site);
    }
    gl_folder_free(shown->folder);
    g_free(shown);
}
