/* What sites were called; see names.h. */

#include "log/names.h"

#include "domain.h"

#include <glib.h>
#include <string.h>

#define OPEN UINT64_MAX

/* Events of transactions between FROM and UNTIL are the site's, which has the
 * name now, or had it lately, as long as it is OPEN. */
struct name {
    char text[GL_DOMAIN_BYTES];
    struct site *site;
    uint64_t from, until;
};

struct site {
    struct name *now;
    GPtrArray *names; /* struct name, all since its last reset */
};

struct span {
    uint64_t from, until;
    int64_t before_ms; /* events of before it */
};

struct gl_names {
    GHashTable *sites;  /* struct site */
    GHashTable *open;   /* text -> struct name */
    GHashTable *erased; /* text -> GArray of struct span */
    struct span all;    /* in which those are */
};

static void
free_site(gpointer site)
{
    g_ptr_array_free(((struct site *) site)->names, TRUE);
    g_free(site);
}

static void
free_spans(gpointer spans)
{
    g_array_free(spans, TRUE);
}

struct gl_names *
gl_names_new(void)
{
    struct gl_names *n = g_new0(struct gl_names, 1);

    n->sites = g_hash_table_new_full(NULL, NULL, free_site, NULL);
    n->open = g_hash_table_new(g_str_hash, g_str_equal);
    n->erased =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_spans);
    n->all = (struct span){UINT64_MAX, 0, INT64_MIN};
    return n;
}

void
gl_names_free(struct gl_names *n)
{
    g_hash_table_destroy(n->open);
    g_hash_table_destroy(n->sites);
    g_hash_table_destroy(n->erased);
    g_free(n);
}

static void
let_go(struct gl_names *n, struct name *name, uint64_t xid)
{
    name->until = xid;
    g_hash_table_remove(n->open, name->text);
}

/* SITE is called TEXT, which it was lately, or which is nobody's: machines
 * let names go by their clocks once, without a change. */
static void
call(struct gl_names *n, struct site *site, const char *text, uint64_t xid)
{
    struct name *name = g_hash_table_lookup(n->open, text);

    if (name == NULL || name->site != site) {
        if (name != NULL)
            let_go(n, name, xid);
        name = g_new0(struct name, 1);
        g_strlcpy(name->text, text, sizeof name->text);
        name->site = site;
        name->from = xid;
        name->until = OPEN;
        g_ptr_array_add(site->names, name);
        g_hash_table_insert(n->open, name->text, name);
    }
    site->now = name;
}

static void
add(struct gl_names *n, const char *text, uint64_t xid)
{
    struct site *site = g_new0(struct site, 1);

    site->names = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_add(n->sites, site);
    call(n, site, text, xid);
}

static void
erase(struct gl_names *n, const struct name *name, uint64_t until,
      int64_t before_ms)
{
    GArray *spans = g_hash_table_lookup(n->erased, name->text);
    struct span span = {name->from, MIN(name->until, until), before_ms};

    if (spans == NULL) {
        spans = g_array_new(FALSE, FALSE, sizeof span);
        g_hash_table_insert(n->erased, g_strdup(name->text), spans);
    }
    g_array_append_val(spans, span);
    n->all.from = MIN(n->all.from, span.from);
    n->all.until = MAX(n->all.until, span.until);
    n->all.before_ms = MAX(n->all.before_ms, before_ms);
}

/* SITE begins anew, or is no more. */
static void
end(struct gl_names *n, struct site *site, uint64_t xid, int erases,
    int removed)
{
    for (guint i = site->names->len; i > 0; i--) {
        struct name *name = site->names->pdata[i - 1];
        int open = name->until == OPEN;

        if (erases)
            erase(n, name, xid, INT64_MAX);
        name->from = xid;
        if (open && removed)
            let_go(n, name, xid);
        else if (!open)
            g_ptr_array_remove_index_fast(site->names, i - 1);
    }
    if (removed)
        g_hash_table_remove(n->sites, site);
}

static int
is_now(const struct name *name)
{
    return name != NULL && name->site->now == name;
}

void
gl_names_change(struct gl_names *n, const char *verb, const char *domain,
                const char *to, uint64_t xid, int erases)
{
    char text[GL_DOMAIN_BYTES], new[GL_DOMAIN_BYTES];
    struct name *name;

    if (gl_domain(domain, text) != 0)
        return;
    name = g_hash_table_lookup(n->open, text);
    if (strcmp(verb, "site.add") == 0) {
        if (!is_now(name)) /* else it was made just now, by another row */
            add(n, text, xid);
    } else if (name == NULL) {
        return;
    } else if (strcmp(verb, "site.rename") == 0) {
        if (gl_domain(to, new) == 0 &&
            !is_now(g_hash_table_lookup(n->open, new)))
            call(n, name->site, new, xid);
    } else if (strcmp(verb, "site.unname") == 0) {
        if (!is_now(name))
            let_go(n, name, xid);
    } else {
        end(n, name->site, xid, erases, strcmp(verb, "site.remove") == 0);
    }
}

void
gl_names_expire(struct gl_names *n, const char *domain, int64_t before_ms)
{
    const struct name *now = g_hash_table_lookup(n->open, domain);

    for (guint i = 0; is_now(now) && i < now->site->names->len; i++)
        erase(n, now->site->names->pdata[i], OPEN, before_ms);
}

static int
is_in(const struct span *span, uint64_t xid, int64_t at_ms)
{
    return xid > span->from && xid < span->until && at_ms < span->before_ms;
}

int
gl_names_any_erased(const struct gl_names *n, uint64_t xid, int64_t at_ms)
{
    return is_in(&n->all, xid, at_ms);
}

int
gl_names_erased(const struct gl_names *n, struct gl_text site, uint64_t xid,
                int64_t at_ms)
{
    char text[GL_DOMAIN_BYTES];
    const GArray *spans;

    if (site.len >= sizeof text)
        return 0;
    memcpy(text, site.data, site.len);
    text[site.len] = '\0';
    spans = g_hash_table_lookup(n->erased, text);
    for (guint i = 0; spans != NULL && i < spans->len; i++)
        if (is_in(&g_array_index(spans, struct span, i), xid, at_ms))
            return 1;
    return 0;
}

void
gl_names_range(const struct gl_names *n, uint64_t *from, uint64_t *until)
{
    *from = n->all.from;
    *until = n->all.until;
}
