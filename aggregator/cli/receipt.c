/* A receipt as people read it: what was seen, and whether what was counted
 * again is the same. */

#include "cli/question.h"

#include <stdio.h>
#include <unistd.h>

#include "number.h"

#define RED "\033[1;31m"
#define PLAIN "\033[0m"

static void
print_number(const char *name, const json_t *value)
{
    char number[GL_NUMBER_MAX];
    gl_number(number, json_integer_value(value));
    printf("  %-20s %14s\n", name, number);
}

/* {"prefetch": 3} under TITLE. */
static void
print_members(const char *title, json_t *members)
{
    const char *name;
    json_t *value;
    if (json_object_size(members) > 0)
        printf("%s\n", title);
    json_object_foreach (members, name, value)
        if (json_integer_value(value) > 0)
            print_number(name, value);
}

static void
print_list(const json_t *texts, const char *between)
{
    for (size_t i = 0; i < json_array_size(texts); i++) {
        const json_t *value = json_array_get(texts, i);
        char text[64];
        gl_cli_value(text, sizeof text, "", value);
        printf("%s%s", i > 0 ? between : "",
               json_is_string(value) ? json_string_value(value) : text);
    }
}

/* Google: 12, recounted 13 */
static void
print_difference(const json_t *difference)
{
    const json_t *metrics = json_object_get(difference, "metrics");
    const json_t *again = json_object_get(difference, "recounted");
    printf("  ");
    print_list(json_object_get(difference, "dimensions"), ", ");
    printf(": ");
    print_list(metrics, " ");
    printf("%s, recounted ", json_is_null(metrics) ? "nothing" : "");
    print_list(again, " ");
    printf("%s\n", json_is_null(again) ? "nothing" : "");
}

/* Days whose rows were let go, of which what is sealed was counted. */
static void
print_sealed(const json_t *receipt)
{
    const json_t *days = json_object_get(receipt, "sealed_days");
    if (days == NULL)
        return;
    printf("From what is sealed, by the tables of glinto_columns: ");
    print_list(days, " to ");
    printf(" (UTC), whose rows were let go.\n");
}

static void
print_proof(const json_t *receipt)
{
    const json_t *differences = json_object_get(receipt, "differences");
    char numbers[64], rows[64];
    int colour = isatty(STDOUT_FILENO);
    gl_cli_count(numbers, sizeof numbers, gl_cli_number(receipt, "numbers"),
                 "number");
    gl_cli_count(rows, sizeof rows, gl_cli_number(receipt, "rows"), "row");
    print_sealed(receipt);
    if (json_is_true(json_object_get(receipt, "equal"))) {
        printf("Recounted from %s: %s, equal.\n", rows, numbers);
        return;
    }
    printf("%sRecounted from %s: NOT EQUAL%s\n", colour ? RED : "", rows,
           colour ? PLAIN : "");
    for (size_t i = 0; i < json_array_size(differences); i++)
        print_difference(json_array_get(differences, i));
}

int
gl_cli_receipt(const json_t *answer)
{
    const json_t *receipt =
        json_object_get(json_object_get(answer, "meta"), "receipt");
    const json_t *days = json_object_get(receipt, "days");
    printf("\nOf the whole days (UTC) ");
    print_list(days, " to ");
    printf("\n");
    print_number("seen", json_object_get(receipt, "seen"));
    print_number("stored", json_object_get(receipt, "stored"));
    print_members("Stored", json_object_get(receipt, "stored_as"));
    print_members("Dropped", json_object_get(receipt, "dropped"));
    print_members("Taken for bots", json_object_get(receipt, "bots"));
    print_proof(receipt);
    return gl_cli_receipt_status(answer);
}

int
gl_cli_receipt_status(const json_t *answer)
{
    const json_t *receipt =
        json_object_get(json_object_get(answer, "meta"), "receipt");
    return json_is_true(json_object_get(receipt, "equal")) ? GL_CLI_OK
                                                           : GL_CLI_FAILED;
}
