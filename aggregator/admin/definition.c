/* Definitions; see definition.h.  Lists: a query thread; else the writer's. */

#include "admin/definition.h"

#include "calls/answer.h"
#include "gl_assert.h"
#include "answer/definitions.h"
#include "store/meta/meta.h"
#include "store/meta/definitions.h"
#include "store/meta/sites.h"
#include "typed.h"

#include <stdlib.h>
#include <string.h>

#define KIND_BYTES 16

/* Verbs are KIND.add, KIND.list, KIND.remove. */
static void
read_kind(const struct gl_call *call, char kind[KIND_BYTES])
{
    size_t len = strcspn(call->verb, ".");

    GL_ASSERT(len > 0 && len < KIND_BYTES && call->verb[len] == '.');
    memcpy(kind, call->verb, len);
    kind[len] = '\0';
}

/* ---- lists ---- */

struct listing {
    const char *kind;
    json_t *list;
};

static json_t *
definition_json(const struct gl_meta_definition *definition,
                const json_t *body)
{
    json_t *json = json_pack("{s:I, s:s}", "id", (json_int_t) definition->id,
                             "name", definition->name);

    json_object_update(json, (json_t *) (uintptr_t) body);
    json_object_set_new(json, "created",
                        json_integer((json_int_t) definition->created_ms));
    return json;
}

static int
append(void *arg, const struct gl_meta_definition *definition)
{
    struct listing *listing = arg;

    if (strcmp(definition->kind, listing->kind) != 0)
        return 0;
    json_auto_t *body = json_loads(definition->body, 0, NULL);
    json_array_append_new(listing->list, definition_json(definition, body));
    return 0;
}

static int
list(const struct gl_query_view *view, int64_t site, struct listing *listing,
     json_t **answer)
{
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    int status = 200;

    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    if (gl_meta_definitions(reader, site, append, listing) != 0)
        status = gl_verb_storage_(answer, gl_meta_why(reader));
    gl_meta_reader_free(reader);
    return status;
}

int
gl_verb_definition_list_(const struct gl_query_view *view,
                         const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    const char *of = gl_verb_text_(call, "of", NULL);
    char kind[KIND_BYTES], plural[KIND_BYTES + 1];
    struct listing listing = {.kind = kind};
    struct gl_meta_site site;

    if (!gl_directory_site(view->directory, domain, &site) ||
        (of != NULL && strcmp(of, site.account) != 0))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    read_kind(call, kind);
    g_snprintf(plural, sizeof plural, "%ss", kind);
    listing.list = json_array();
    int status = list(view, site.id, &listing, answer);
    if (status == 200)
        *answer = json_pack("{s:O}", plural, listing.list);
    json_decref(listing.list);
    return status;
}

/* ---- what is typed ---- */

json_t *
gl_definition_whole_(const json_t *given)
{
    const char *text = json_string_value(given);
    gint64 n;

    if (text != NULL &&
        g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &n, NULL))
        return json_integer(n);
    return json_deep_copy(given);
}

json_t *
gl_definition_json_(const json_t *given)
{
    const char *text = json_string_value(given);
    json_t *json =
        text == NULL ? NULL : json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    if (json == NULL)
        return json_deep_copy(given);
    gl_typed_mend(json);
    return json;
}

/* ---- changes ---- */

static int
define(struct gl_ingest *in, const struct gl_call *call, int64_t site,
       struct gl_meta_definition *definition, json_t **answer)
{
    int status = gl_verb_begin_(in, answer);

    if (status != 0)
        return status;
    return gl_verb_commit_or_(
        in, call, gl_meta_define(in->meta, site, definition), answer, 409,
        "there is a %s \"%s\" already, or as many as there may be: %d",
        definition->kind, definition->name, GL_META_DEFINITIONS_MAX);
}

int
gl_definition_add_(struct gl_ingest *in, const struct gl_call *call,
                   const char *kind, const char *name, const json_t *body,
                   json_t **answer)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    struct gl_meta_definition definition = {
        .kind = kind, .name = name, .body = text, .created_ms = in->now_ms};
    g_autofree struct gl_meta_site *site = NULL;
    int status = gl_verb_named_site_(in, call, &site, answer);

    if (status == 0)
        status = define(in, call, site->id, &definition, answer);
    if (status == 0)
        *answer = json_pack("{s:o}", kind, definition_json(&definition, body));
    free(text);
    return status == 0 ? 200 : status;
}

int
gl_definition_add_checked_(struct gl_ingest *in, const struct gl_call *call,
                           const char *kind, json_t *body, json_t **answer)
{
    const char *name = gl_verb_text_(call, "name", "");
    g_autofree struct gl_meta_site *site = NULL;
    int status = gl_verb_named_site_(in, call, &site, answer);

    if (status == 0)
        status =
            gl_definitions_check(in->meta, site->id, kind, name, body, answer);
    if (status == 0)
        status = gl_definition_add_(in, call, kind, name, body, answer);
    json_decref(body);
    return status;
}

int
gl_verb_definition_remove_(struct gl_ingest *in, const struct gl_call *call,
                           json_t **answer)
{
    json_auto_t *id = gl_definition_whole_(json_object_get(call->args, "id"));
    json_int_t number = json_integer_value(id);
    g_autofree struct gl_meta_site *site = NULL;
    char kind[KIND_BYTES];
    int status = gl_verb_named_site_(in, call, &site, answer);

    read_kind(call, kind);
    if (status == 0)
        status = gl_verb_begin_removal_(in, call, answer);
    if (status == 0)
        status = gl_verb_commit_or_(
            in, call, gl_meta_undefine(in->meta, site->id, kind, number),
            answer, 404, "the site has no %s of that id", kind);
    return status == 0 ? 200 : status;
}
