/* GLib's pool of threads; see query.h. */

#include "query/query.h"

#include <glib.h>

#include "calls/mailbox.h"
#include "log.h"

struct gl_query {
    const struct gl_meta *meta;
    gl_query_answer *answer;
    GThreadPool *threads;
};

static void
run(gpointer item, gpointer arg)
{
    const struct gl_query *query = arg;
    struct gl_call *call = item;
    char why[256];
    struct gl_meta *meta = gl_meta_reader(query->meta, why, sizeof why);
    json_t *answer = NULL;
    int status = 507;

    if (meta != NULL)
        status = query->answer(meta, call, &answer);
    else
        answer = json_pack("{s:o}", "error", json_sprintf("storage: %s", why));
    gl_meta_reader_free(meta);
    gl_log(GL_LOG_DEBUG, "%s by %s: %d", call->verb, call->actor, status);
    call->done(call->arg, status, answer);
    gl_mailbox_call_fini(call);
    g_free(call);
}

struct gl_query *
gl_query_new(const struct gl_meta *meta, gl_query_answer *answer)
{
    struct gl_query *query = g_new0(struct gl_query, 1);

    query->meta = meta;
    query->answer = answer;
    query->threads =
        g_thread_pool_new(run, query, GL_QUERY_THREADS, TRUE, NULL);
    return query;
}

int
gl_query_call(struct gl_query *query, const struct gl_call *call)
{
    if (g_thread_pool_unprocessed(query->threads) >= GL_QUERY_WAITING_MAX)
        return -1;
    g_thread_pool_push(query->threads, gl_mailbox_call_copy(call), NULL);
    return 0;
}

void
gl_query_free(struct gl_query *query)
{
    if (query == NULL)
        return;
    g_thread_pool_free(query->threads, FALSE, TRUE);
    g_free(query);
}
