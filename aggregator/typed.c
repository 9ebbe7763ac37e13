/* What is typed; see typed.h.  Any thread. */

#include "typed.h"

#include <string.h>

#include <glib.h>

#include "request/page.h"
#include "request/utf8.h"

/* FROM is where the pieces are, a GSList *. */
static void *
take(void *from, size_t bytes)
{
    GSList **pieces = from;

    *pieces = g_slist_prepend(*pieces, g_malloc(bytes));
    return (*pieces)->data;
}

static void
mend_text(json_t *value)
{
    GSList *pieces = NULL;
    struct gl_memory memory = {take, &pieces};
    struct gl_text text = {json_string_value(value),
                           (uint32_t) json_string_length(value)};

    if (gl_utf8_is_kept(text))
        return;
    (void) gl_utf8_mend(memory, text, &text);
    json_string_setn(value, text.data, text.len);
    g_slist_free_full(pieces, g_free);
}

void
gl_typed_mend(json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_string(value))
        mend_text(value);
    json_object_foreach (value, key, member)
        gl_typed_mend(member);
    json_array_foreach (value, i, member)
        gl_typed_mend(member);
}

char *
gl_typed_path(const char *text)
{
    GSList *pieces = NULL;
    struct gl_memory memory = {take, &pieces};
    struct gl_text path = {text, (uint32_t) strlen(text)};

    (void) gl_page_path(memory, path, &path);
    char *kept = g_strndup(path.data, path.len);
    g_slist_free_full(pieces, g_free);
    return kept;
}
