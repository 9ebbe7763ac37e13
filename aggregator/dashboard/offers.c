/* What is defined for a site; see offers.h. */

#include "dashboard/offers.h"

#include <glib.h>
#include <string.h>

#include "calls/answer.h"
#include "store/meta/definitions.h"
#include "store/meta/meta.h"

static int
add(void *arg, const struct gl_meta_definition *definition)
{
    json_t *list = json_object_get(arg, definition->kind);
    json_auto_t *body = json_loads(definition->body, 0, NULL);

    if (list != NULL && body != NULL)
        json_array_append_new(list,
                              json_pack("{s:I, s:s, s:O}", "id",
                                        (json_int_t) definition->id, "name",
                                        definition->name, "body", body));
    return 0;
}

int
gl_offers_read(const struct gl_query_view *view, int64_t site, json_t **offers,
               json_t **answer)
{
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    int status = 200;

    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    *offers = json_pack("{s:[], s:[], s:[], s:[]}", "goal", "funnel",
                        "segment", "annotation");
    if (gl_meta_definitions(reader, site, add, *offers) != 0) {
        status = gl_verb_storage_(answer, gl_meta_why(reader));
        json_decref(*offers);
        *offers = NULL;
    }
    gl_meta_reader_free(reader);
    return status;
}

const json_t *
gl_offer_named(const json_t *offers, const char *kind, const char *name)
{
    const json_t *list = json_object_get(offers, kind), *one;
    size_t i;

    json_array_foreach (list, i, one)
        if (g_strcmp0(json_string_value(json_object_get(one, "name")), name) ==
            0)
            return one;
    return NULL;
}

const json_t *
gl_offer_numbered(const json_t *offers, const char *kind, const char *id)
{
    const json_t *list = json_object_get(offers, kind), *one;
    size_t i;

    json_array_foreach (list, i, one) {
        char number[24];

        g_snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(one, "id")));
        if (g_strcmp0(number, id) == 0)
            return one;
    }
    return NULL;
}
