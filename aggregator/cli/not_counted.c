/* Of glinto status: what was not counted, and why. */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>

#define GL_CLI_ROWS_MAX 20 /* of sites; --json has all */

static const char *
text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text == NULL ? "" : text;
}

static json_int_t
number_of(const json_t *row)
{
    return gl_cli_number(row, "n");
}

static void
print_reasons(const json_t *reasons)
{
    int any = 0;
    size_t i;
    const json_t *row;
    json_array_foreach (reasons, i, row) {
        if (number_of(row) == 0)
            continue;
        if (!any++)
            puts("not counted");
        printf("  %-20s  %10lld  %s\n", text_of(row, "reason"),
               (long long) number_of(row), text_of(row, "says"));
    }
    if (!any)
        puts("not counted  nothing");
}

/* The most first. */
static int
compare(const void *left, const void *right)
{
    json_int_t a = number_of(*(json_t *const *) left);
    json_int_t b = number_of(*(json_t *const *) right);
    return (a < b) - (a > b);
}

static void
print_sites(const json_t *sites)
{
    size_t n = json_array_size(sites), i;
    const json_t **rows = calloc(n + 1, sizeof *rows);
    for (i = 0; rows != NULL && i < n; i++)
        rows[i] = json_array_get(sites, i);
    if (rows != NULL && n > 0) {
        qsort(rows, n, sizeof *rows, compare);
        puts("not counted, by site");
    }
    for (i = 0; rows != NULL && i < n && i < GL_CLI_ROWS_MAX; i++)
        printf("  %-20s  %10lld  %s\n", text_of(rows[i], "reason"),
               (long long) number_of(rows[i]), text_of(rows[i], "site"));
    if (n > GL_CLI_ROWS_MAX)
        printf("  and %zu more: --json\n", n - GL_CLI_ROWS_MAX);
    free(rows);
}

static void
print_unknown(const json_t *domains)
{
    size_t i;
    const json_t *row;
    if (json_array_size(domains) > 0)
        puts("names that are not a site, of late");
    json_array_foreach (domains, i, row) {
        char name[256];
        gl_cli_value(name, sizeof name, "", json_object_get(row, "domain"));
        printf("  %-32s  %10lld\n", name, (long long) number_of(row));
    }
}

void
gl_cli_not_counted(const json_t *drops, const json_t *unknown)
{
    print_reasons(json_object_get(drops, "reasons"));
    print_sites(json_object_get(drops, "sites"));
    print_unknown(unknown);
}
