/* Client hints; see hints.h. */

#include "request/hints.h"

#include <string.h>

#include "apart.h"
#include "request/longest.h"
#include "request/structured.h"

/* A string that is kept as it is, of at most LONGEST bytes; or none. */
static struct gl_text
kept(const struct gl_structured *value, uint32_t longest)
{
    const struct gl_text inside = value->inside;

    if (value->type != GL_STRUCTURED_STRING || inside.len == 0 ||
        inside.len > longest || memchr(inside.data, '\\', inside.len) != NULL)
        return (struct gl_text){NULL, 0};
    return inside;
}

/* The header TEXT when it is one string. */
static struct gl_text
only(struct gl_text text, uint32_t longest)
{
    struct gl_structured value;

    if (gl_structured_item(&text, &value) != 1 || text.len > 0)
        return (struct gl_text){NULL, 0};
    return kept(&value, longest);
}

/* "Not;A=Brand", "Not)A;Brand": made up, so that nobody counts on the list. */
static int
is_made_up(struct gl_text brand)
{
    static const char word[] = "notabrand";
    uint32_t at = 0;

    for (uint32_t i = 0; i < brand.len; i++) {
        char c = (char) (brand.data[i] | 0x20);
        if (c < 'a' || c > 'z')
            continue;
        if (c != word[at])
            return 0;
        at++;
    }
    return at == sizeof word - 1;
}

static int
is_engine(struct gl_text brand)
{
    return brand.len == 8 && memcmp(brand.data, "Chromium", 8) == 0;
}

static struct gl_text
version_of(struct gl_text params, uint32_t longest)
{
    struct gl_structured value;
    struct gl_text key;

    while (gl_structured_param(&params, &key, &value) == 1)
        if (key.len == 1 && key.data[0] == 'v')
            return kept(&value, longest);
    return (struct gl_text){NULL, 0};
}

/* The brand that is neither made up nor the engine's, if there is one. */
static void
read_brands(struct gl_text list, struct gl_event *event)
{
    struct gl_structured value;
    int taken;

    while ((taken = gl_structured_item(&list, &value)) == 1) {
        struct gl_text brand = kept(&value, GL_LONGEST_brand);
        if (brand.len == 0 || is_made_up(brand) ||
            (event->brand.len > 0 && !is_engine(event->brand)))
            continue;
        event->brand = brand;
        event->brand_version =
            version_of(value.params, GL_LONGEST_brand_version);
    }
    if (taken == -1)
        event->brand = event->brand_version = (struct gl_text){NULL, 0};
}

static GL_APART void
read_hints(const struct gl_hints *hints, struct gl_event *event)
{
    struct gl_structured value;
    struct gl_text mobile = hints->mobile;

    read_brands(hints->brands, event);
    event->platform = only(hints->platform, GL_LONGEST_platform);
    event->platform_version =
        only(hints->platform_version, GL_LONGEST_platform_version);
    if (gl_structured_item(&mobile, &value) == 1 && mobile.len == 0 &&
        value.type == GL_STRUCTURED_BOOLEAN)
        event->mobile = 1 + (uint64_t) value.number;
}

/* Firefox, Safari and plain HTTP send none. */
void
gl_hints_read(const struct gl_hints *hints, struct gl_event *event)
{
    if ((hints->brands.len | hints->mobile.len | hints->platform.len |
         hints->platform_version.len) != 0)
        read_hints(hints, event);
}
