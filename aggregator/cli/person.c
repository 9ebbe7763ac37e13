/* glinto person: who may sign in. */

#include "cli/verb.h"

#include <stdio.h>

static void
tell_link(const json_t *answer)
{
    char until[64];
    gl_cli_value(until, sizeof until, "created",
                 json_object_get(answer, "until"));
    printf("a password is chosen here, once, until %s, on any host that "
           "shows a dashboard:\nhttps://HOST%s\n",
           until, gl_cli_text(answer, "link"));
}

static void
added(const json_t *args, const json_t *answer)
{
    printf("person \"%s\" added\n", gl_cli_text(args, "name"));
    tell_link(answer);
}

static void
linked(const json_t *args, const json_t *answer)
{
    (void) args;
    tell_link(answer);
}

/* A row for each role; of who has none, one without. */
static void
append_rows(json_t *rows, const json_t *person)
{
    const json_t *roles = json_object_get(person, "roles");
    size_t n = json_array_size(roles);
    for (size_t i = 0; i < (n == 0 ? 1 : n); i++) {
        const json_t *role = json_array_get(roles, i);
        const char *site = gl_cli_text(role, "site");
        json_array_append_new(
            rows,
            json_pack(
                "{s:O, s:s, s:s, s:s, s:O}", "name",
                json_object_get(person, "name"), "role",
                gl_cli_text(role, "role"), "of",
                site[0] != '\0' ? site : gl_cli_text(role, "account"), "ready",
                json_is_true(json_object_get(person, "ready")) ? "yes" : "no",
                "created", json_object_get(person, "created")));
    }
}

static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {{"NAME", "name", 0},
                                                   {"ROLE", "role", 0},
                                                   {"OF", "of", 0},
                                                   {"PASSWORD", "ready", 0},
                                                   {"CREATED", "created", 0}};
    json_t *person;
    json_auto_t *rows = json_array();
    size_t i;
    (void) args;
    json_array_foreach (json_object_get(answer, "people"), i, person)
        append_rows(rows, person);
    gl_cli_table(rows, columns, 5, "Nobody may sign in.");
}

static const struct gl_cli_verb verbs[] = {
    {"person.add", .print = added},
    {"person.list", .print = listed},
    {"person.role", .says = "person \"{name}\" is {role}"},
    {"person.link", .print = linked},
    {"person.remove", .says = "person \"{name}\" removed"},
    {0}};

const struct gl_cli_noun gl_cli_person = {
    .name = "person",
    .verbs = verbs,
    .help = "glinto person - who may sign in to the dashboard\n"
            "\n",
    .examples = "\n"
                "  glinto person add ann --role owner\n"
                "  glinto person add bob --site example.com\n"
                "  glinto person link ann\n",
};
