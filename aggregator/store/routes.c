/*
 * Sites in memory: two hashes to find one, a tree to list all in order.
 *
 *     domains  domain -> route      every event may ask
 *     ids      id     -> the same   owns it
 *     order    domain -> the same
 */

#include "store/routes.h"

#include "store/meta_sites.h"

#include <glib.h>
#include <string.h>

struct route {
    struct gl_text domain; /* of site */
    struct gl_meta_site site;
};

struct gl_routes {
    GHashTable *domains, *ids;
    GTree *order;
};

/* Who asks may choose the text, but not what is in the table. */
static guint
hash_domain(const void *key)
{
    const struct gl_text *domain = key;
    guint hash = 5381;
    for (uint32_t i = 0; i < domain->len; i++)
        hash = hash * 33 + (guchar) domain->data[i];
    return hash;
}

static gboolean
same_domain(const void *left, const void *right)
{
    const struct gl_text *a = left, *b = right;
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static int
compare(const void *left, const void *right, void *arg)
{
    (void) arg;
    return strcmp(left, right);
}

struct gl_routes *
gl_routes_new(void)
{
    struct gl_routes *routes = g_new(struct gl_routes, 1);
    routes->domains = g_hash_table_new(hash_domain, same_domain);
    routes->ids =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    routes->order = g_tree_new_full(compare, NULL, NULL, NULL);
    return routes;
}

void
gl_routes_free(struct gl_routes *routes)
{
    if (routes == NULL)
        return;
    g_tree_destroy(routes->order);
    g_hash_table_destroy(routes->domains);
    g_hash_table_destroy(routes->ids);
    g_free(routes);
}

static const struct gl_meta_site *
site_of(const struct route *route)
{
    return route != NULL ? &route->site : NULL;
}

const struct gl_meta_site *
gl_routes_find(const struct gl_routes *routes, struct gl_text domain)
{
    return site_of(g_hash_table_lookup(routes->domains, &domain));
}

const struct gl_meta_site *
gl_routes_by_id(const struct gl_routes *routes, int64_t id)
{
    return site_of(g_hash_table_lookup(routes->ids, &id));
}

size_t
gl_routes_n(const struct gl_routes *routes)
{
    return g_hash_table_size(routes->ids);
}

int
gl_routes_each(const struct gl_routes *routes,
               int (*each)(void *arg, const struct gl_meta_site *site),
               void *arg)
{
    int stop = 0;
    GTreeNode *node = g_tree_node_first(routes->order);
    for (; node != NULL && stop == 0; node = g_tree_node_next(node))
        stop = each(arg, site_of(g_tree_node_value(node)));
    return stop;
}

void
gl_routes_put(struct gl_routes *routes, const struct gl_meta_site *site)
{
    struct route *route = g_new(struct route, 1);
    gl_routes_remove(routes, site->id);
    route->site = *site;
    route->domain =
        (struct gl_text){route->site.domain, (uint32_t) strlen(site->domain)};
    g_hash_table_insert(routes->ids, &route->site.id, route);
    g_hash_table_insert(routes->domains, &route->domain, route);
    g_tree_insert(routes->order, route->site.domain, route);
}

void
gl_routes_remove(struct gl_routes *routes, int64_t id)
{
    struct route *route = g_hash_table_lookup(routes->ids, &id);
    if (route == NULL)
        return;
    g_tree_remove(routes->order, route->site.domain);
    g_hash_table_remove(routes->domains, &route->domain);
    g_hash_table_remove(routes->ids, &id);
}
