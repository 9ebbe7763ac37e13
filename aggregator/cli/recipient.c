/* glinto recipient: who gets mails of a site, or of the machine. */

#include "cli/verb.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    const json_t *recipient = json_object_get(answer, "recipient");
    const char *site = gl_cli_text(recipient, "site");
    printf("%s gets mails (%s) of %s\n", gl_cli_text(args, "address"),
           gl_cli_text(recipient, "gets"),
           site[0] == '\0' ? "this machine" : site);
}

static const struct gl_cli_column columns[] = {
    {"ID", "id", 0},     {"ADDRESS", "address", 0},
    {"SITE", "site", 0}, {"LANGUAGE", "language", 0},
    {"GETS", "gets", 0}, {"CREATED", "created", 0}};

static const struct gl_cli_verb verbs[] = {
    {"recipient.add", .print = added},
    {"recipient.list",
     .list = GL_CLI_LIST("recipients", columns, "Nobody gets mails yet.")},
    {"recipient.remove", .says = "{id} gets no more mails"},
    {0}};

const struct gl_cli_noun gl_cli_recipient = {
    .name = "recipient",
    .verbs = verbs,
    .help = "glinto recipient - who gets the week in words, and notices, by "
            "mail\n"
            "\n",
    .examples = "\n"
                "  glinto recipient add ann@example.com --site example.com\n"
                "  glinto recipient add ops@example.com --language de\n",
};
