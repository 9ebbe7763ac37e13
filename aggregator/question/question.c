/* The end of what question.h describes. */

#include "question/question.h"

#include "question/range.h"

static void
free_child(gpointer child)
{
    gl_predicate_free(child);
}

void
gl_predicate_free(struct gl_predicate *filter)
{
    if (filter == NULL)
        return;
    if (filter->children != NULL) {
        g_ptr_array_foreach(filter->children, (GFunc) (void *) free_child,
                            NULL);
        g_ptr_array_free(filter->children, TRUE);
    }
    if (filter->values != NULL)
        g_ptr_array_free(filter->values, TRUE);
    g_free(filter->by.prop);
    g_free(filter);
}

void
gl_question_fini(struct gl_question *question)
{
    for (size_t i = 0; i < question->by_n; i++)
        g_free(question->by[i].prop);
    gl_predicate_free(question->filter);
    gl_buckets_fini(&question->time);
    *question = (struct gl_question){0};
}
