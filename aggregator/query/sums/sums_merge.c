/* Sums of several days as one; see sums.h. */

#include "query/sums/sums.h"

#include "gl_assert.h"

/* By key. */
struct all {
    uint32_t n;
    gl_lanes *lanes;
    struct gl_entered *entered; /* NULL: not asked */
    uint8_t *there;
};

static void
add(const struct gl_sums *sums, struct all *all)
{
    GL_ASSERT(sums->entered != NULL || all->entered == NULL);
    for (uint32_t i = 0; i < sums->n; i++) {
        uint32_t key = sums->key[i] < all->n ? sums->key[i] : 0;

        all->there[key] = 1;
        all->lanes[key] += sums->lanes[i];
        for (int at = 0; all->entered != NULL && at < GL_SUM_N; at++)
            all->entered[key].sums[at] += sums->entered[i].sums[at];
    }
}

static void
take(struct gl_sums *sums, const struct all *all, uint32_t n)
{
    sums->key = g_new(uint32_t, n);
    sums->lanes = g_new(gl_lanes, n);
    if (all->entered != NULL)
        sums->entered = g_new(struct gl_entered, n);
    for (uint32_t key = 0; key < all->n; key++) {
        if (!all->there[key])
            continue;
        sums->key[sums->n] = key;
        sums->lanes[sums->n] = all->lanes[key];
        if (all->entered != NULL)
            sums->entered[sums->n] = all->entered[key];
        sums->n++;
    }
}

static uint32_t
count(const struct all *all)
{
    uint32_t n = 0;

    for (uint32_t key = 0; key < all->n; key++)
        n += all->there[key];
    return n;
}

struct gl_sums *
gl_sums_merge(const struct gl_sums *const *days, uint32_t codes_n)
{
    struct gl_sums *sums = g_new0(struct gl_sums, 1);
    struct all all = {.n = codes_n + 1};
    int entered = 1;

    all.lanes = g_new0(gl_lanes, all.n);
    all.there = g_new0(uint8_t, all.n);
    sums->of = (struct gl_stretch){0, GL_STRETCH_ALL};
    sums->usable = 1;
    sums->edges = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (int day = 0; day < GL_SUMS_DAYS_N; day++)
        entered &= days[day]->entered != NULL;
    if (entered)
        all.entered = g_new0(struct gl_entered, all.n);
    for (int day = 0; day < GL_SUMS_DAYS_N; day++) {
        sums->usable &= days[day]->usable;
        sums->events_n += days[day]->events_n;
        add(days[day], &all);
    }
    take(sums, &all, count(&all) + 1);
    g_free(all.lanes);
    g_free(all.entered);
    g_free(all.there);
    return sums;
}
