/* The tools and what each takes; see tools.h. */

#include "mcp/tools.h"

#include <glib.h>
#include <string.h>

#include "embed.h"

static json_t *
load(const char *text, size_t len)
{
    return json_loadb(text, len, 0, NULL);
}

static json_t *
load_tools(void)
{
    return load(gl_embed_tools_json, gl_embed_tools_json_len);
}

/* What QUERY says, in the place of "true" in PROPERTIES. */
static void
fill_in(json_t *properties, const json_t *query)
{
    const char *key;
    json_t *value;

    json_object_foreach (properties, key, value)
        if (json_is_true(value))
            json_object_set(properties, key, json_object_get(query, key));
}

/* SCHEMA of a tool in full; that of a query when it is "true".  The caller's.
 */
static json_t *
schema_json(json_t *schema, const json_t *query)
{
    json_t *asked = json_object_get(query, "properties");
    json_t *full;

    if (json_is_true(schema))
        return json_deep_copy(query);
    full =
        json_pack("{s:s, s:b}", "type", "object", "additionalProperties", 0);
    json_t *defs = json_copy(json_object_get(query, "$defs"));
    json_object_set(
        defs, "comparisons",
        json_object_get(
            json_object_get(json_object_get(asked, "include"), "properties"),
            "comparisons"));
    json_object_update(full, schema);
    fill_in(json_object_get(full, "properties"), asked);
    json_object_set_new(full, "$defs", defs);
    return full;
}

json_t *
gl_mcp_tools(void)
{
    json_t *tools = load_tools(), *tool;
    json_auto_t *query = load(gl_embed_schema_json, gl_embed_schema_json_len);
    size_t i;

    json_array_foreach (tools, i, tool) {
        json_object_set_new(
            tool, "inputSchema",
            schema_json(json_object_get(tool, "inputSchema"), query));
        json_object_set_new(
            tool, "annotations",
            json_pack("{s:b, s:b}", "readOnlyHint", 1, "openWorldHint", 0));
    }
    return tools;
}

static const json_t *
find(const json_t *tools, const char *name)
{
    for (size_t i = 0; i < json_array_size(tools); i++) {
        const json_t *tool = json_array_get(tools, i);

        if (strcmp(json_string_value(json_object_get(tool, "name")), name) ==
            0)
            return tool;
    }
    return NULL;
}

int
gl_mcp_has_tool(const char *name)
{
    json_auto_t *tools = load_tools();
    return find(tools, name) != NULL;
}

static char *
fault(const json_t *schema, json_t *arguments)
{
    const json_t *needed = json_object_get(schema, "required");
    const char *key;
    json_t *value;

    json_object_foreach (arguments, key, value)
        if (json_object_get(json_object_get(schema, "properties"), key) ==
            NULL)
            return g_strdup_printf("there is no argument \"%s\"", key);
    for (size_t i = 0; i < json_array_size(needed); i++) {
        key = json_string_value(json_array_get(needed, i));
        if (json_object_get(arguments, key) == NULL)
            return g_strdup_printf("\"%s\" is missing", key);
    }
    return NULL;
}

char *
gl_mcp_tool_fault(const char *name, json_t *arguments)
{
    json_auto_t *tools = load_tools();
    const json_t *schema = json_object_get(find(tools, name), "inputSchema");
    /* a query is read by who answers it (question/parse.h) */
    return json_is_true(schema) ? NULL : fault(schema, arguments);
}
