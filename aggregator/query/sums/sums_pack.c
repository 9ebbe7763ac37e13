/*
 * Sums as bytes, rows of numbers of columns/pack.h, and back:
 *
 *   head      what, from, to, usable, events_n, events_end, edges, values,
 *             entered
 *   edges
 *   keys      from one to the next
 *   lanes     visitors, visits, pageviews; events beyond pageviews
 *   entered   visits less entries; bounces, views; seconds, twice 32 bits
 */

#include "query/sums/sums.h"

#include "columns/build.h"
#include "columns/pack.h"

enum head {
    HEAD_WHAT,
    HEAD_FROM,
    HEAD_TO,
    HEAD_USABLE,
    HEAD_EVENTS,
    HEAD_END,
    HEAD_EDGES,
    HEAD_VALUES,
    HEAD_ENTERED,
    HEAD_N
};

/* Of a value: its columns. */
enum column { VISITORS, VISITS, PAGEVIEWS, OTHERS, LANES };
enum { ENTRIES, BOUNCES, VIEWS, SECONDS_LOW, SECONDS_HIGH, ENTERED };

static uint32_t
lane_of(const struct gl_sums *sums, uint32_t i, int column)
{
    const gl_lanes *lanes = &sums->lanes[i];

    switch (column) {
    case VISITORS:
        return (*lanes)[GL_SUM_VISITORS];
    case VISITS:
        return (*lanes)[GL_SUM_VISITS];
    case PAGEVIEWS:
        return (*lanes)[GL_SUM_PAGEVIEWS];
    default:
        return (*lanes)[GL_SUM_EVENTS] - (*lanes)[GL_SUM_PAGEVIEWS];
    }
}

static uint32_t
entered_of(const struct gl_sums *sums, uint32_t i, int column)
{
    const uint64_t *of = sums->entered[i].sums;

    switch (column) {
    case ENTRIES:
        return sums->lanes[i][GL_SUM_VISITS] - (uint32_t) of[GL_SUM_ENTRIES];
    case BOUNCES:
        return (uint32_t) of[GL_SUM_BOUNCES];
    case VIEWS:
        return (uint32_t) of[GL_SUM_VIEWS];
    case SECONDS_LOW:
        return (uint32_t) of[GL_SUM_SECONDS];
    default:
        return (uint32_t) (of[GL_SUM_SECONDS] >> 32);
    }
}

void
gl_sums_pack(const struct gl_sums *sums, uint32_t what, GByteArray *to)
{
    const uint32_t head[HEAD_N] = {
        [HEAD_WHAT] = what,
        [HEAD_FROM] = sums->of.from,
        [HEAD_TO] = sums->of.to,
        [HEAD_USABLE] = (uint32_t) sums->usable,
        [HEAD_EVENTS] = sums->events_n,
        [HEAD_END] = sums->events_end,
        [HEAD_EDGES] = sums->edges->len,
        [HEAD_VALUES] = sums->n,
        [HEAD_ENTERED] = sums->entered != NULL,
    };
    uint32_t *numbers = g_new(uint32_t, sums->n + 1);

    gl_pack(to, head, HEAD_N);
    gl_pack(to, (const uint32_t *) (void *) sums->edges->data,
            sums->edges->len);
    for (uint32_t i = 0; i < sums->n; i++)
        numbers[i] = sums->key[i] - (i > 0 ? sums->key[i - 1] : 0);
    gl_pack(to, numbers, sums->n);
    for (int column = 0; column < LANES; column++) {
        for (uint32_t i = 0; i < sums->n; i++)
            numbers[i] = lane_of(sums, i, column);
        gl_pack(to, numbers, sums->n);
    }
    for (int column = 0; sums->entered != NULL && column < ENTERED; column++) {
        for (uint32_t i = 0; i < sums->n; i++)
            numbers[i] = entered_of(sums, i, column);
        gl_pack(to, numbers, sums->n);
    }
    g_free(numbers);
}

/* ---- and back ---- */

/* Each value has an event or an entry. */
static int
is_possible(const uint32_t *head, uint32_t what)
{
    return head[HEAD_WHAT] == what && head[HEAD_EVENTS] <= GL_BUILD_ROWS_MAX &&
           head[HEAD_EDGES] <= GL_DENSE_MAX &&
           head[HEAD_VALUES] <= 2 * GL_BUILD_ROWS_MAX;
}

static void
take_lanes(struct gl_packed *from, struct gl_sums *sums, uint32_t *numbers)
{
    static const int lanes[LANES] = {GL_SUM_VISITORS, GL_SUM_VISITS,
                                     GL_SUM_PAGEVIEWS, GL_SUM_EVENTS};

    for (int column = 0; column < LANES; column++) {
        gl_unpack(from, numbers, sums->n);
        for (uint32_t i = 0; i < sums->n; i++)
            sums->lanes[i][lanes[column]] =
                numbers[i] +
                (column == OTHERS ? sums->lanes[i][GL_SUM_PAGEVIEWS] : 0);
    }
}

static void
put_entered(uint64_t *to, int column, uint32_t number, uint32_t visits)
{
    switch (column) {
    case ENTRIES:
        to[GL_SUM_ENTRIES] = visits - number;
        break;
    case BOUNCES:
        to[GL_SUM_BOUNCES] = number;
        break;
    case VIEWS:
        to[GL_SUM_VIEWS] = number;
        break;
    case SECONDS_LOW:
        to[GL_SUM_SECONDS] = number;
        break;
    default:
        to[GL_SUM_SECONDS] |= (uint64_t) number << 32;
        break;
    }
}

static void
take_entered(struct gl_packed *from, struct gl_sums *sums, uint32_t *numbers)
{
    sums->entered = g_new0(struct gl_entered, sums->n + 1);
    for (int column = 0; column < ENTERED; column++) {
        gl_unpack(from, numbers, sums->n);
        for (uint32_t i = 0; i < sums->n; i++)
            put_entered(sums->entered[i].sums, column, numbers[i],
                        sums->lanes[i][GL_SUM_VISITS]);
    }
}

static struct gl_sums *
take_sums(struct gl_packed *from, const uint32_t *head)
{
    struct gl_sums *sums = g_new0(struct gl_sums, 1);
    uint32_t n = head[HEAD_VALUES];
    uint32_t *numbers = g_new(uint32_t, n + 1);

    sums->of = (struct gl_stretch){head[HEAD_FROM], head[HEAD_TO]};
    sums->usable = head[HEAD_USABLE] != 0;
    sums->events_n = head[HEAD_EVENTS];
    sums->events_end = head[HEAD_END];
    sums->n = n;
    sums->edges = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_set_size(sums->edges, head[HEAD_EDGES]);
    gl_unpack(from, (uint32_t *) (void *) sums->edges->data, head[HEAD_EDGES]);
    sums->key = g_new(uint32_t, n + 1);
    sums->lanes = g_new(gl_lanes, n + 1);
    gl_unpack(from, sums->key, n);
    for (uint32_t i = 1; i < n; i++)
        sums->key[i] += sums->key[i - 1];
    take_lanes(from, sums, numbers);
    if (head[HEAD_ENTERED])
        take_entered(from, sums, numbers);
    g_free(numbers);
    return sums;
}

struct gl_sums *
gl_sums_unpack(GByteArray *bytes, uint32_t what)
{
    static const guint8 slack[GL_PACK_SLACK];
    guint len = bytes->len;
    uint32_t head[HEAD_N];
    struct gl_sums *sums = NULL;
    struct gl_packed from;

    g_byte_array_append(bytes, slack, sizeof slack);
    from = (struct gl_packed){bytes->data, bytes->data + len, 0};
    gl_unpack(&from, head, HEAD_N);
    if (!from.damaged && is_possible(head, what))
        sums = take_sums(&from, head);
    if (sums != NULL && (from.damaged || from.at != from.end)) {
        gl_sums_free(sums);
        sums = NULL;
    }
    return sums;
}
