/* A sealed day becomes a set, or some parts of it; see sealed.h. */

#include "columns/sealed.h"

#include "gl_assert.h"
#include "columns/build.h"
#include "columns/sealed_internal.h"
#include "count/count.h"
#include "crc32c.h"
#include "little_endian.h"

/* Room for a part at first: few days have a longer one. */
#define PART_BYTES (1u << 20)

/* What it takes to tell others: the times for seconds, events for what a visit
 * began and ended with; ids of those who may come again. */
static uint32_t
with_needed(const struct gl_columns *set, uint32_t wants)
{
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        if (gl_sealed_is_end_(i) && (wants & GL_PART_BIT(GL_PART_VISIT + i)))
            wants |= GL_PART_BIT(GL_PART_EVENT + (gl_sealed_is_path_(i)
                                                      ? GL_EVENT_PATH
                                                      : GL_EVENT_HOST));
    if (set->imported < set->visitors_n)
        wants |= GL_PART_BIT(GL_PART_IDS);
    if (wants & GL_PART_BIT(GL_PART_SUMS))
        wants |= GL_PART_BIT(GL_PART_TIMES);
    if (wants & GL_PART_BIT(GL_PART_TIMES))
        wants |= GL_PART_BIT(GL_PART_MIDNIGHT);
    return wants;
}

static int
read_head(const uint8_t *head, size_t len, uint32_t numbers[GL_SEALED_HEAD_N])
{
    size_t of_numbers = GL_SEALED_HEAD_N * sizeof *numbers;

    if (len != of_numbers + 4 ||
        gl_crc32c(0, head, of_numbers) != gl_get32(&head[of_numbers]))
        return GL_SEALED_DAMAGED;
    for (int i = 0; i < GL_SEALED_HEAD_N; i++)
        numbers[i] = gl_get32(&head[4 * i]);
    return 0;
}

int
gl_sealed_events_end(const uint8_t *head, size_t len, uint32_t *events_end)
{
    uint32_t numbers[GL_SEALED_HEAD_N];
    int rc = read_head(head, len, numbers);

    if (rc == 0)
        *events_end = numbers[GL_SEALED_HEAD_END];
    return rc;
}

static int
take_head(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t numbers[GL_SEALED_HEAD_N];

    if (read_head(u->source->head, u->source->head_len, numbers) != 0)
        return GL_SEALED_DAMAGED;
    set->visitors_n = numbers[GL_SEALED_HEAD_VISITORS];
    set->imported = numbers[GL_SEALED_HEAD_IMPORTED];
    set->visits_n = numbers[GL_SEALED_HEAD_VISITS];
    set->events_n = numbers[GL_SEALED_HEAD_EVENTS];
    set->events_end = numbers[GL_SEALED_HEAD_END];
    set->visitor_columns = numbers[GL_SEALED_HEAD_COLUMNS];
    u->props_n = numbers[GL_SEALED_HEAD_PROPS];
    return set->events_n > GL_BUILD_ROWS_MAX ||
                   set->visits_n > GL_BUILD_ROWS_MAX ||
                   set->visitors_n > set->visits_n ||
                   set->imported > set->visitors_n ||
                   u->props_n > GL_BUILD_ROWS_MAX
               ? GL_SEALED_DAMAGED
               : 0;
}

int
gl_sealed_unpack(const struct gl_sealed_from *from, uint32_t wants,
                 struct gl_columns **set)
{
    struct gl_unpacking_ u = {.source = from,
                              .set = g_new0(struct gl_columns, 1)};

    u.set->day = from->day;
    u.set->bytes = sizeof *u.set;
    u.rc = take_head(&u);
    u.bytes = g_byte_array_sized_new(MIN(2 * u.set->events_n, PART_BYTES));
    if (u.rc == 0)
        gl_sealed_take_(&u, GL_SEALED_SHAPE);
    wants = with_needed(u.set, wants);
    for (int part = 0; part < GL_PARTS; part++)
        if (wants & GL_PART_BIT(part))
            gl_sealed_take_(&u, part);
    u.set->has = wants;
    g_byte_array_unref(u.bytes);
    if (u.rc != 0)
        gl_columns_free(u.set);
    *set = u.rc == 0 ? u.set : NULL;
    return u.rc;
}

static int
part_of(void *arg, int part, GByteArray *bytes)
{
    return gl_sealed_part(arg, part, bytes);
}

int
gl_sealed_unpack_all(struct gl_sealed *sealed, int64_t day,
                     struct gl_columns **set)
{
    struct gl_sealed_from from = {day, sealed->head, sealed->head_len, part_of,
                                  sealed};

    return gl_sealed_unpack(&from, GL_PARTS_ALL, set);
}
