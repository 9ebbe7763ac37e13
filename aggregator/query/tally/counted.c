/* Sums become groups with texts; see counted.h. */

#include "query/tally/counted.h"

/* A group is there when a sum that is asked for tells of something in it. */
static int
is_asked(const struct gl_question *question, const struct gl_group *group)
{
    return (question->metrics & GL_METRICS_OF_EVENTS &&
            group->sums[GL_SUM_EVENTS]) ||
           (question->metrics &
                (GL_METRIC_BIT(VISITS) | GL_METRIC_BIT(EXIT_RATE)) &&
            group->sums[GL_SUM_VISITS]) ||
           (question->metrics & GL_METRICS_OF_VISITS &&
            group->sums[GL_SUM_ENTRIES]);
}

/* What more there is of GROUP becomes its own. */
static void
take_more(struct gl_counted *counted, struct gl_tallied *count,
          struct gl_group *group)
{
    struct gl_more more;

    more = *gl_mores_at(&count->mores, group->keys);
    more.currency = count->plan->question->currency;
    group->more = counted->more->len;
    g_array_append_val(counted->more, more);
}

static void
add_group(struct gl_counted *counted, const struct gl_question *question,
          const struct gl_group *group)
{
    if (is_asked(question, group))
        g_array_append_vals(counted->groups, group, 1);
}

static void
add_groups(struct gl_counted *counted, const struct gl_tallied *count)
{
    const struct gl_question *question = count->plan->question;
    struct gl_group group = {0};

    for (guint i = 0; i < count->groups.tallies->len; i++)
        add_group(counted, question,
                  &gl_groups_tally(&count->groups, i)->group);
    for (uint32_t value = 0; count->is_dense && value < count->dense.n;
         value++) {
        group.keys[0] = value;
        if (gl_dense_sums(&count->dense, value, group.sums))
            add_group(counted, question, &group);
    }
}

/* The values of dimension AT that groups have: keys become theirs. */
static GPtrArray *
take_values(const struct gl_counted *counted, const struct gl_values *all,
            size_t at)
{
    GArray *groups = counted->groups;
    GPtrArray *values = g_ptr_array_new();
    uint32_t *now = g_new0(uint32_t, all->n + 1);

    for (guint i = 0; i < groups->len; i++) {
        uint32_t *key = &g_array_index(groups, struct gl_group, i).keys[at];

        if (now[*key] == 0) {
            g_ptr_array_add(values, (gpointer) (uintptr_t) all->text[*key]);
            now[*key] = values->len;
        }
        *key = now[*key] - 1;
    }
    g_free(now);
    return values;
}

/* Its texts are those of the dictionaries: most are never looked at. */
static void
keep_texts(struct gl_counted *counted, const struct gl_plans *plans)
{
    counted->shelf = plans->shelf;
    for (int word = 0; word < GL_WORD_KINDS; word++) {
        counted->lent[word] = plans->texts[word];
        if (counted->lent[word] != NULL)
            gl_shelf_lend_again(counted->shelf, counted->lent[word]);
    }
}

struct gl_counted *
gl_counted_new(const struct gl_tallying *tallying, size_t at)
{
    struct gl_tallied *count = &tallying->counts[at];
    const struct gl_plan *plan = count->plan;
    struct gl_counted *counted = g_new0(struct gl_counted, 1);

    counted->rows = tallying->rows;
    counted->texts = g_string_chunk_new(1024);
    keep_texts(counted, tallying->plans);
    counted->groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    counted->more = g_array_new(FALSE, TRUE, sizeof(struct gl_more));
    g_array_set_size(counted->more, 1);
    gl_dense_sums(&tallying->all.dense, 0, counted->all.sums);
    add_groups(counted, count);
    if (plan->more && plan->axes_n == 0)
        take_more(counted, count, &counted->all);
    for (guint i = 0; plan->more && i < counted->groups->len; i++)
        take_more(counted, count,
                  &g_array_index(counted->groups, struct gl_group, i));
    for (size_t i = 0; i < plan->axes_n; i++)
        if (plan->axes[i].values != NULL)
            counted->values[i] = take_values(counted, plan->axes[i].values, i);
    return counted;
}

void
gl_counted_free(struct gl_counted *counted)
{
    if (counted == NULL)
        return;
    for (size_t i = 0; i < GL_QUESTION_DIMENSIONS_MAX; i++)
        if (counted->values[i] != NULL)
            g_ptr_array_free(counted->values[i], TRUE);
    g_array_free(counted->groups, TRUE);
    g_array_free(counted->more, TRUE);
    g_string_chunk_free(counted->texts);
    for (int word = 0; word < GL_WORD_KINDS; word++)
        if (counted->lent[word] != NULL)
            gl_shelf_put_back(counted->shelf, counted->lent[word]);
    g_free(counted);
}
