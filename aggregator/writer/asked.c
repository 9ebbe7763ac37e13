/* A question of the writer's own; see asked.h. */

#include "writer/asked.h"

#include "gl_assert.h"
#include "calls/mailbox.h"
#include "calls/query.h"

/* Query thread. */
static void
on_answer(void *arg, int status, json_t *answer)
{
    struct gl_writer_asked *asked = arg;

    asked->status = status;
    asked->answer = answer;
    atomic_store(&asked->ready, 1);
    gl_mailbox_wake(asked->mailbox);
}

void
gl_writer_forget_(struct gl_writer_asked *asked)
{
    json_decref(asked->answer);
    asked->answer = NULL;
}

int
gl_writer_ask_(struct gl_ingest *in, struct gl_writer_asked *asked,
               const char *verb, json_t *args)
{
    struct gl_call call = {.verb = verb,
                           .args = args,
                           .actor = "glintod",
                           .done = on_answer,
                           .arg = asked};

    GL_ASSERT(!asked->asking);
    gl_writer_forget_(asked);
    asked->mailbox = in->mailbox;
    atomic_store(&asked->ready, 0);
    asked->asking = 1;
    if (gl_query_call(in->query, &call) == 0)
        return 1;
    asked->asking = 0;
    json_decref(args);
    return 0;
}

int
gl_writer_answered_(struct gl_writer_asked *asked)
{
    if (!asked->asking || !atomic_load(&asked->ready))
        return 0;
    asked->asking = 0;
    return 1;
}
