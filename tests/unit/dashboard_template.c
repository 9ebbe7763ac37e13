/*
 * Promise: a template says what template.h says, and no text gets into a page
 * unescaped.
 */

#include "dashboard/template.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static void
check(const char *template, const char *view, const char *want)
{
    json_error_t error;
    json_t *object = json_loads(view, 0, &error);
    size_t len = 0;
    char *made;

    tap_ok(object != NULL, "view: %s", view);
    made = gl_template(template, object, &len);
    tap_str(made, want, "%s", template);
    tap_int((int64_t) len, (int64_t) strlen(want), "its length");
    free(made);
    json_decref(object);
}

static void
test_values(void)
{
    const char *view = "{\"text\": \"<a href='x'>&\\\"</a>\", \"n\": 1234567, "
                       "\"r\": 2.25, \"none\": null, \"zero\": 0}";

    check("plain", view, "plain");
    check("", view, "");
    check("a {{text}} b", view,
          "a &lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt; b");
    check("{{n}} {{r}} {{none}} {{zero}}", view, "1,234,567 2.2 – 0");
    check("[{{absent}}]", view, "[]");
    check("{{n", view, "{{n");
    check("{{}}{n}", view, "{n}");
}

static void
test_sections(void)
{
    const char *view =
        "{\"list\": [{\"n\": \"<\"}, {\"n\": \"b\"}], \"empty\": [], \"n\": "
        "\"outer\", \"yes\": true, \"no\": false, \"null\": null, \"zero\": "
        "0, \"today\": {\"n\": \"inner\", \"null\": null}}";

    check("{{#list}}({{n}}){{/list}}{{n}}", view, "(&lt;)(b)outer");
    check("{{#empty}}x{{/empty}}{{^empty}}none{{/empty}}.", view, "none.");
    check("{{#yes}}{{n}}{{/yes}}{{^yes}}x{{/yes}}", view, "outer");
    check("{{#no}}x{{#list}}y{{/list}}{{/no}}{{^no}}z{{/no}}", view, "z");
    check("{{#null}}x{{/null}}{{^null}}y{{/null}}", view, "y");
    check("{{#zero}}x{{/zero}}", view, "x");
    check("{{^absent}}{{#list}}{{n}}{{/list}}{{/absent}}!", view, "&lt;b!");
    check("{{#today}}{{n}}{{null}}{{yes}}{{/today}}", view, "inner–");
    check("{{#list}}{{#today}}{{n}}{{/today}}{{/list}}", view, "innerinner");
    check("{{#list}}{{n}}", view, "&lt;b");
    check("a{{/list}}b", view, "a");
}

static void
test_files(void)
{
    check("{{#no}}{{>brand}}{{/no}}[{{>nothing}}]", "{\"no\": false}", "[]");
    check("{{#yes}}{{>none}}{{/yes}}", "{\"yes\": true}", "");
}

int
main(void)
{
    test_files();
    test_values();
    test_sections();
    return tap_done();
}
