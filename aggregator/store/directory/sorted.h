/*
 * Items in order, in versions: a change copies the two pieces that it touches
 * and shares all others with the version before, which stays as it is for
 * whoever looks at it.
 *
 *     top     [first of a chunk, chunk] ...      some hundred
 *     chunk   [head of its key, item] ...        at most 128
 *
 * A head is the beginning of a key as a number, so that few items are looked
 * at for one that is searched.  Looks: any thread.  Changes: one thread.
 * Inside this room only.
 */

#ifndef GL_STORE_DIRECTORY_SORTED_H
#define GL_STORE_DIRECTORY_SORTED_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* By what items are in order.  No two have the same key. */
struct gl_sorted_order {
    size_t key; /* where in the item */
    /* Never less for a greater key. */
    uint64_t (*head)(const void *key);
    int (*compare)(const void *key, const void *other); /* as strcmp() */
};

/* One version; all zero is empty. */
struct gl_sorted {
    struct gl_sorted_row *top;
};

/* From one version to the next, of any number of these. */
struct gl_sorted_change {
    uint64_t number; /* another for each change; > 0 */
    GPtrArray *made; /* is not in the version before */
    GPtrArray *gone; /* is not in the next one; all to be freed by g_free() */
};

/* ITEM, whose key is in none there. */
void gl_sorted_put(struct gl_sorted *sorted,
                   const struct gl_sorted_order *order, void *item,
                   struct gl_sorted_change *change);
/* ITEM, which is there. */
void gl_sorted_remove(struct gl_sorted *sorted,
                      const struct gl_sorted_order *order, const void *item,
                      struct gl_sorted_change *change);
/* It is empty; items are the caller's. */
void gl_sorted_clear(struct gl_sorted *sorted,
                     struct gl_sorted_change *change);

/* NULL = there is none. */
void *gl_sorted_find(const struct gl_sorted *sorted,
                     const struct gl_sorted_order *order, const void *key);

/* Where somebody is in one version. */
struct gl_sorted_at {
    const struct gl_sorted_row *top;
    uint32_t chunk, entry;
};

/* Before the first item that is not less than KEY. */
struct gl_sorted_at gl_sorted_from(const struct gl_sorted *sorted,
                                   const struct gl_sorted_order *order,
                                   const void *key);
/* Before all of them. */
struct gl_sorted_at gl_sorted_first(const struct gl_sorted *sorted);
/* The next item; NULL = that was the last one. */
void *gl_sorted_next(struct gl_sorted_at *at);

#endif
