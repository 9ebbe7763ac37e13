/* Lists of codes; see codes.h.  A look-up is one hash. */

#include "codes.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

static const char *const names[GL_CODE_LISTS] = {
    [GL_CODE_COUNTRY] = "countries",
    [GL_CODE_REGION] = "regions",
    [GL_CODE_CURRENCY] = "currencies",
};

struct gl_codes {
    json_t *data;                       /* owns the lists */
    const json_t *lists[GL_CODE_LISTS]; /* code: true */
};

struct gl_codes *
gl_codes_new_(const char *data_dir, const char **why)
{
    struct gl_codes *codes = calloc(1, sizeof *codes);
    char file[PATH_MAX];

    *why = "out of memory";
    if (codes == NULL)
        return NULL;
    snprintf(file, sizeof file, "%s/codes.json", data_dir);
    codes->data = json_load_file(file, 0, NULL);
    for (int i = 0; i < GL_CODE_LISTS; i++) {
        codes->lists[i] = json_object_get(codes->data, names[i]);
        if (json_object_size(codes->lists[i]) > 0)
            continue;
        *why = "codes.json is missing or holds no codes: build it again";
        gl_codes_free_(codes);
        return NULL;
    }
    return codes;
}

void
gl_codes_free_(struct gl_codes *codes)
{
    if (codes == NULL)
        return;
    json_decref(codes->data);
    free(codes);
}

int
gl_codes_has_(const struct gl_codes *codes, enum gl_code_list list,
              struct gl_text code)
{
    return code.len > 0 &&
           json_object_getn(codes->lists[list], code.data, code.len) != NULL;
}
