/* drops: what was not counted, by reason and site.  Query threads. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "reasons.h"
#include "store/drops.h"

#include <string.h>

struct answer {
    json_t *by_reason; /* {reason: n} */
    json_t *sites;
};

static void
note(void *arg, const char *domain, const char *reason, uint64_t n)
{
    struct answer *answer = arg;
    json_int_t before =
        json_integer_value(json_object_get(answer->by_reason, reason));

    json_object_set_new(answer->by_reason, reason,
                        json_integer(before + (json_int_t) n));
    if (domain != NULL)
        json_array_append_new(
            answer->sites, json_pack("{s:s, s:s, s:I}", "site", domain,
                                     "reason", reason, "n", (json_int_t) n));
}

/* All of the table, also those of which there are none; then what another
 * version of glintod called so. */
static json_t *
reasons_json(json_t *by_reason)
{
    json_t *list = json_array(), *n;
    const char *key;

    for (enum gl_reason r = 0; r < GL_REASONS; r++) {
        const char *word = gl_reason_word(r).data;

        json_array_append_new(
            list,
            json_pack("{s:s, s:I, s:s}", "reason", word, "n",
                      json_integer_value(json_object_get(by_reason, word)),
                      "says", gl_reason_says(r)));
        json_object_del(by_reason, word);
    }
    json_object_foreach (by_reason, key, n)
        json_array_append_new(list,
                              json_pack("{s:s, s:O}", "reason", key, "n", n));
    return list;
}

int
gl_verb_drops_(const struct gl_query_view *view, const struct gl_call *call,
               json_t **answer)
{
    struct answer found = {json_object(), json_array()};
    char why[256];
    int unread =
        gl_drops_read(view->drops, view->meta, note, &found, why, sizeof why);

    (void) call;
    if (unread < 0) {
        json_decref(found.by_reason);
        json_decref(found.sites);
        return gl_verb_storage_(answer, why);
    }
    *answer = json_pack("{s:o, s:o}", "reasons", reasons_json(found.by_reason),
                        "sites", found.sites);
    json_decref(found.by_reason);
    if (unread > 0)
        json_object_set_new(*answer, "unread", json_integer(unread));
    return 200;
}
