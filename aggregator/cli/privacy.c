/*
 * glinto check privacy: what is stored of visitors, and whether the files say
 * so; a text, or a page, that a data protection officer can file.
 */

#include "cli/privacy.h"

#include <stdio.h>
#include <string.h>

/* {referrer: true, ...}: those that are kept, or that are not. */
static void
print_kept(const char *title, const json_t *keep, int kept)
{
    const char *word;
    json_t *is;
    int n = 0;

    printf("  %-10s", title);
    json_object_foreach ((json_t *) (uintptr_t) keep, word, is)
        if (json_is_true(is) == kept)
            printf("%s %s", n++ > 0 ? "," : "", word);
    puts(n == 0 ? " nothing" : "");
}

static void
print_site(const json_t *site)
{
    const char *profile = json_string_value(json_object_get(site, "profile"));
    json_int_t days = gl_cli_number(site, "retention_days");
    char events[64], oldest[64] = "";

    gl_cli_count(events, sizeof events, gl_cli_number(site, "events"),
                 "event");
    if (gl_cli_number(site, "events") > 0)
        gl_cli_value(oldest, sizeof oldest, "created",
                     json_object_get(site, "oldest"));
    printf("\nsite %s\n  profile    %s\n",
           json_string_value(json_object_get(site, "domain")),
           profile == NULL ? "none" : profile);
    print_kept("kept", json_object_get(site, "keep"), 1);
    print_kept("left out", json_object_get(site, "keep"), 0);
    if (days > 0)
        printf("  erased     after %lld days\n", (long long) days);
    else
        puts("  erased     never");
    printf("  stored     %s%s%s\n", events, oldest[0] == '\0' ? "" : " since ",
           oldest);
    printf("  read       %.32s\n             %s\n",
           gl_cli_text(site, "sha256"), gl_cli_text(site, "sha256") + 32);
}

static void
print_claims(const json_t *claims)
{
    const json_t *claim;
    size_t i;

    puts("\nRead from the files just now:");
    json_array_foreach (claims, i, claim) {
        char about[256], says[512];

        gl_cli_value(about, sizeof about, "", json_object_get(claim, "about"));
        gl_cli_value(says, sizeof says, "", json_object_get(claim, "says"));
        printf("  %-8s  %s: %s (%s)\n",
               json_is_true(json_object_get(claim, "holds")) ? "holds"
                                                             : "BROKEN",
               about, gl_cli_text(claim, "claim"), says);
    }
}

static void
print(const json_t *answer)
{
    const json_t *sites = json_object_get(answer, "sites"), *site, *said;
    char at[64];
    size_t i;

    gl_cli_value(at, sizeof at, "created", json_object_get(answer, "at"));
    printf("What Glinto stores of visitors, %s\n", at);
    json_array_foreach (json_object_get(answer, "stored"), i, said)
        printf("\n%s\n", json_string_value(said));
    json_array_foreach (sites, i, site)
        print_site(site);
    print_claims(json_object_get(answer, "claims"));
    puts(json_is_true(json_object_get(answer, "holds"))
             ? "\nEverything said here holds."
             : "\nNot everything said here holds.");
}

int
gl_cli_privacy(struct gl_cli *cli)
{
    const char *site = NULL;
    int html = 0;
    const struct gl_cli_option options[] = {
        {"site", &site, NULL}, {"html", NULL, &html}, {0}};
    int status = gl_cli_read(cli, options, NULL, 0);

    if (status != GL_CLI_OK)
        return status;
    json_t *args = json_object();
    if (site != NULL)
        json_object_set_new(args, "site", json_string(site));
    if (html)
        json_object_set_new(args, "page", json_true());
    json_auto_t *answer = gl_cli_ask(cli, "privacy", args);
    if (answer == NULL)
        return cli->status;
    if (cli->json)
        gl_cli_print_json(answer);
    else if (html)
        fputs(gl_cli_text(answer, "page"), stdout);
    else
        print(answer);
    int holds = json_is_true(json_object_get(answer, "holds"));
    return holds ? GL_CLI_OK : GL_CLI_FAILED;
}
