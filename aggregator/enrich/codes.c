/* Lists of codes; see codes.h.  A look-up is one hash. */

#include "codes.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static const char *const names[GL_CODE_LISTS] = {
    [GL_CODE_COUNTRY] = "countries",
    [GL_CODE_REGION] = "regions",
    [GL_CODE_CURRENCY] = "currencies",
};

#define LETTERS 26

struct gl_codes {
    json_t *data;                       /* owns the lists */
    const json_t *lists[GL_CODE_LISTS]; /* code: true */
    /* the countries once more, by their letters: every event has one */
    uint8_t countries[LETTERS * LETTERS];
};

/* Of two letters A to Z, else LETTERS * LETTERS. */
static size_t
country_index(const char *code, size_t len)
{
    if (len != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' ||
        code[1] > 'Z')
        return LETTERS * LETTERS;
    return (size_t) (code[0] - 'A') * LETTERS + (size_t) (code[1] - 'A');
}

static void
note_countries(struct gl_codes *codes)
{
    const char *code;
    json_t *value;

    json_t *list = json_object_get(codes->data, names[GL_CODE_COUNTRY]);
    json_object_foreach (list, code, value) {
        size_t index = country_index(code, strlen(code));
        if (index < sizeof codes->countries)
            codes->countries[index] = 1;
    }
}

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
    note_countries(codes);
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
    if (list == GL_CODE_COUNTRY) {
        size_t index = country_index(code.data, code.len);
        return index < sizeof codes->countries && codes->countries[index];
    }
    return json_object_getn(codes->lists[list], code.data, code.len) != NULL;
}
