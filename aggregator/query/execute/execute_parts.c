/* Questions divided by their filters, each part planned once; and why an
 * execution ends early. */

#include "query/execute/execute_internal.h"

#include "query/execute/execute.h"

#include <stdio.h>

#include "query/execute/execute_internal.h"

enum gl_executed
gl_execute_fail_(struct gl_execution *run, enum gl_executed how,
                 const char *why)
{
    snprintf(run->why, sizeof run->why, "%s", why);
    return how;
}

enum gl_executed
gl_execute_stopped_(struct gl_execution *run)
{
    return gl_execute_is_cancelled_(run)
               ? gl_execute_fail_(run, GL_EXECUTE_CANCELLED,
                                  "the query was cancelled")
               : gl_execute_fail_(run, GL_EXECUTE_LATE,
                                  "the query took too long; ask for less");
}

enum gl_executed
gl_execute_storage_(struct gl_execution *run)
{
    return gl_execute_fail_(run, GL_EXECUTE_STORAGE,
                            gl_account_why(run->reader));
}

/* Questions with one filter (the same tree) in one part. */
void
gl_execute_divide_(struct gl_execute_ *x,
                   const struct gl_question *const *questions, size_t n)
{
    x->parts = g_new0(struct gl_part_, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        struct gl_part_ *part;

        while (at < x->parts_n &&
               x->parts[at].questions[0]->filter != questions[i]->filter)
            at++;
        part = &x->parts[at];
        if (at == x->parts_n) {
            x->parts_n++;
            part->questions = g_new(const struct gl_question *, n);
            part->at = g_new(size_t, n);
        }
        part->at[part->n] = i;
        part->questions[part->n++] = questions[i];
    }
}

enum gl_executed
gl_execute_plan_(struct gl_execute_ *x)
{
    struct gl_execution *run = x->run;
    struct gl_plan_ask ask = {
        .reader = run->reader,
        .shelf = run->shelf,
        .question = x->number,
        .stop = gl_execute_is_over_,
        .arg = run,
        .why = run->why,
        .why_len = sizeof run->why,
    };
    enum gl_planned planned = GL_PLANNED;
    uint32_t room = GL_DENSE_MAX;

    for (size_t i = 0; i < x->parts_n && planned == GL_PLANNED; i++)
        planned = gl_plans_init(&x->parts[i].plans, x->parts[i].questions,
                                x->parts[i].n, &ask);
    switch (planned) {
    case GL_PLANNED:
        break;
    case GL_PLAN_BAD:
        return GL_EXECUTE_BAD;
    case GL_PLAN_STORAGE:
        return GL_EXECUTE_STORAGE;
    case GL_PLAN_STOPPED:
        return gl_execute_stopped_(run);
    }
    for (size_t i = 0; x->step == NULL && i < x->parts_n; i++)
        gl_tally_init(&x->parts[i].tallying, &x->parts[i].plans, &room);
    return GL_EXECUTED;
}
