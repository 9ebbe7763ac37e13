/* Items in order, in versions; see sorted.h. */

#include "store/directory/sorted.h"

#include "gl_assert.h"

#include <string.h>

#define CHUNK_ITEMS 128

struct entry {
    uint64_t head;
    void *item; /* of the top: a chunk */
};

struct gl_sorted_row {
    uint64_t made; /* the change that may still write to it */
    uint32_t n, room;
    struct entry entries[];
};

/* ---- looks ---- */

static const void *
key_of(const struct gl_sorted_order *order, const void *item)
{
    return (const char *) item + order->key;
}

static const struct gl_sorted_row *
chunk_of(const struct gl_sorted_row *top, uint32_t i)
{
    return top->entries[i].item;
}

/* How ENTRY, of the top if IS_TOP, is to KEY. */
static int
compare(const struct gl_sorted_order *order, const struct entry *entry,
        int is_top, uint64_t head, const void *key)
{
    const void *item = entry->item;

    if (entry->head != head)
        return entry->head < head ? -1 : 1;
    if (is_top)
        item = ((const struct gl_sorted_row *) item)->entries[0].item;
    return order->compare(key_of(order, item), key);
}

/* How many entries of ROW are less than KEY. */
static uint32_t
count_less(const struct gl_sorted_order *order,
           const struct gl_sorted_row *row, int is_top, const void *key)
{
    uint64_t head = order->head(key);
    uint32_t low = 0, high = row->n;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (compare(order, &row->entries[middle], is_top, head, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The chunk of TOP, which has some, that KEY is in or would be. */
static uint32_t
find_chunk(const struct gl_sorted_order *order,
           const struct gl_sorted_row *top, const void *key)
{
    uint32_t i = count_less(order, top, 1, key);

    if (i < top->n &&
        compare(order, &top->entries[i], 1, order->head(key), key) == 0)
        return i;
    return i == 0 ? 0 : i - 1;
}

struct gl_sorted_at
gl_sorted_first(const struct gl_sorted *sorted)
{
    return (struct gl_sorted_at){.top = sorted->top};
}

struct gl_sorted_at
gl_sorted_from(const struct gl_sorted *sorted,
               const struct gl_sorted_order *order, const void *key)
{
    struct gl_sorted_at at = gl_sorted_first(sorted);

    if (at.top == NULL || at.top->n == 0)
        return at;
    at.chunk = find_chunk(order, at.top, key);
    at.entry = count_less(order, chunk_of(at.top, at.chunk), 0, key);
    return at;
}

void *
gl_sorted_next(struct gl_sorted_at *at)
{
    const struct gl_sorted_row *chunk;

    if (at->top == NULL)
        return NULL;
    while (at->chunk < at->top->n) {
        chunk = chunk_of(at->top, at->chunk);
        if (at->entry < chunk->n)
            return chunk->entries[at->entry++].item;
        at->chunk++;
        at->entry = 0;
    }
    return NULL;
}

void *
gl_sorted_find(const struct gl_sorted *sorted,
               const struct gl_sorted_order *order, const void *key)
{
    struct gl_sorted_at at = gl_sorted_from(sorted, order, key);
    void *item = gl_sorted_next(&at);

    return item != NULL && order->compare(key_of(order, item), key) == 0
               ? item
               : NULL;
}

/* ---- changes ---- */

/* ROW (NULL = empty) with room for MORE, which CHANGE may write to. */
static struct gl_sorted_row *
own(struct gl_sorted_row *row, uint32_t more, struct gl_sorted_change *change)
{
    uint32_t n = row == NULL ? 0 : row->n, room = MAX(n + more, CHUNK_ITEMS);
    struct gl_sorted_row *mine;

    if (row != NULL && row->made == change->number && n + more <= row->room)
        return row;
    if (room > CHUNK_ITEMS)
        room += room / 8; /* a top that grows */
    mine = g_malloc(sizeof *mine + room * sizeof mine->entries[0]);
    mine->made = change->number;
    mine->n = n;
    mine->room = room;
    if (n > 0)
        memcpy(mine->entries, row->entries, n * sizeof mine->entries[0]);
    if (row != NULL)
        g_ptr_array_add(change->gone, row);
    g_ptr_array_add(change->made, mine);
    return mine;
}

static void
insert(struct gl_sorted_row *row, uint32_t i, struct entry entry)
{
    GL_ASSERT(row->n < row->room && i <= row->n);
    memmove(&row->entries[i + 1], &row->entries[i],
            (row->n - i) * sizeof entry);
    row->entries[i] = entry;
    row->n++;
}

static void
take_out(struct gl_sorted_row *row, uint32_t i)
{
    GL_ASSERT(i < row->n);
    row->n--;
    memmove(&row->entries[i], &row->entries[i + 1],
            (row->n - i) * sizeof row->entries[0]);
}

/* The chunk at I of TOP, to be written to; MORE as in own(). */
static struct gl_sorted_row *
own_chunk(struct gl_sorted_row *top, uint32_t i, uint32_t more,
          struct gl_sorted_change *change)
{
    struct gl_sorted_row *chunk = own(top->entries[i].item, more, change);

    GL_ASSERT(i < top->n && top->made == change->number);
    top->entries[i].item = chunk;
    return chunk;
}

/* What the full chunk at I of TOP has from entry FROM on becomes the next
 * one. */
static void
split(struct gl_sorted_row *top, uint32_t i, uint32_t from,
      struct gl_sorted_change *change)
{
    struct gl_sorted_row *low = own_chunk(top, i, 0, change);
    struct gl_sorted_row *high = own(NULL, 0, change);

    GL_ASSERT(from > 0 && from <= low->n);
    high->n = low->n - from;
    memcpy(high->entries, &low->entries[from],
           high->n * sizeof high->entries[0]);
    low->n = from;
    insert(top, i + 1, (struct entry){high->entries[0].head, high});
}

void
gl_sorted_put(struct gl_sorted *sorted, const struct gl_sorted_order *order,
              void *item, struct gl_sorted_change *change)
{
    const void *key = key_of(order, item);
    struct gl_sorted_row *top = own(sorted->top, 1, change), *chunk;
    uint32_t i, at;

    sorted->top = top;
    if (top->n == 0)
        insert(top, 0, (struct entry){0, own(NULL, 0, change)});
    i = top->n == 1 ? 0 : find_chunk(order, top, key);
    at = count_less(order, chunk_of(top, i), 0, key);
    if (chunk_of(top, i)->n == CHUNK_ITEMS) {
        /* what comes in order fills whole chunks */
        uint32_t from = at == CHUNK_ITEMS ? at : CHUNK_ITEMS / 2;

        split(top, i, from, change);
        if (at >= from) {
            i++;
            at -= from;
        }
    }
    chunk = own_chunk(top, i, 1, change);
    insert(chunk, at, (struct entry){order->head(key), item});
    top->entries[i].head = chunk->entries[0].head;
}

void
gl_sorted_remove(struct gl_sorted *sorted, const struct gl_sorted_order *order,
                 const void *item, struct gl_sorted_change *change)
{
    const void *key = key_of(order, item);
    struct gl_sorted_row *top = own(sorted->top, 0, change), *chunk;
    uint32_t i = find_chunk(order, top, key);

    sorted->top = top;
    chunk = own_chunk(top, i, 0, change);
    take_out(chunk, count_less(order, chunk, 0, key));
    if (chunk->n > 0) {
        top->entries[i].head = chunk->entries[0].head;
        return;
    }
    g_ptr_array_add(change->gone, chunk);
    take_out(top, i);
}

void
gl_sorted_clear(struct gl_sorted *sorted, struct gl_sorted_change *change)
{
    for (uint32_t i = 0; sorted->top != NULL && i < sorted->top->n; i++)
        g_ptr_array_add(change->gone, sorted->top->entries[i].item);
    if (sorted->top != NULL)
        g_ptr_array_add(change->gone, sorted->top);
    sorted->top = NULL;
}
