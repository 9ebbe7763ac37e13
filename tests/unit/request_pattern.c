/*
 * Promise: a pattern's '*' stands for anything but a '/', its '**' for
 * anything, as a regular expression of the same says; what takes too long does
 * not fit, and no comparison takes longer than it may.
 */

#include <glib.h>
#include <string.h>

#include "request/pattern.h"
#include "tap.h"

#define ROUNDS 20000

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static int
fits(const char *pattern, const char *path)
{
    uint32_t steps = GL_PATTERN_STEPS;

    return gl_pattern_fits(text_of(pattern), text_of(path), &steps);
}

static const struct {
    const char *pattern, *path;
    int want;
} cases[] = {
    {"/admin/**", "/admin/", 1},
    {"/admin/**", "/admin/a/b", 1},
    {"/admin/**", "/admin", 0},
    {"/admin*", "/admin", 1},
    {"/admin*", "/administrator", 1},
    {"/admin*", "/admin/x", 0},
    {"/*/edit", "/page/edit", 1},
    {"/*/edit", "/page/old/edit", 0},
    {"/**/edit", "/page/old/edit", 1},
    {"**.pdf", "/a/b.pdf", 1},
    {"**.pdf", "/a/b.pdf/", 0},
    {"/a", "/a", 1},
    {"/a", "/A", 0},
    {"/a", "/ab", 0},
    {"**", "", 1},
    {"", "", 1},
    {"", "/", 0},
    {"/h\xc3\xb6he/*", "/h\xc3\xb6he/1", 1},
};

/* The twin. */
static int
regex_fits(const char *pattern, const char *path)
{
    GString *text = g_string_new("^");
    int found;

    for (const char *p = pattern; *p != '\0'; p++)
        if (*p != '*')
            g_string_append_c(text, *p);
        else if (p[1] == '*')
            g_string_append(text, ".*");
        else if (p == pattern || p[-1] != '*')
            g_string_append(text, "[^/]*");
    g_string_append(text, "\\z");
    found = g_regex_match_simple(text->str, path, G_REGEX_DOTALL, 0);
    g_string_free(text, TRUE);
    return found;
}

static void
draw(GRand *rand, const char *letters, char *text, int most)
{
    int n = g_rand_int_range(rand, 0, most + 1);

    for (int i = 0; i < n; i++)
        text[i] = letters[g_rand_int_range(rand, 0, (gint32) strlen(letters))];
    text[n] = '\0';
}

static void
test_twin(void)
{
    GRand *rand = g_rand_new_with_seed(1);
    char pattern[16], path[16];
    int wrong = 0, fit = 0;

    for (int i = 0; i < ROUNDS; i++) {
        draw(rand, "ab/**", pattern, 7);
        draw(rand, "ab/", path, 9);
        fit += fits(pattern, path);
        if (fits(pattern, path) == regex_fits(pattern, path))
            continue;
        wrong++;
        tap_ok(0, "\"%s\" and \"%s\"", pattern, path);
    }
    tap_ok(fit > ROUNDS / 50, "%d of random pairs fit", fit);
    tap_int(wrong, 0, "as a regular expression says");
    g_rand_free(rand);
}

static void
test_bound(void)
{
    static char path[8000];
    char pattern[201];
    uint32_t steps = GL_PATTERN_STEPS;

    memset(path, 'a', sizeof path);
    memset(pattern, 'a', 200);
    pattern[0] = pattern[1] = '*';
    pattern[198] = 'b'; /* its end is a star: no path is told by that */
    pattern[199] = '*';
    tap_int(gl_pattern_fits((struct gl_text){pattern, 200},
                            (struct gl_text){path, sizeof path}, &steps),
            0, "what takes long does not fit");
    tap_uint(steps, 0, "and ends when its steps are spent");
    tap_int(gl_pattern_fits(text_of("/"), text_of("/"), &steps), 0,
            "nor does what comes after it");
}

int
main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        tap_int(fits(cases[i].pattern, cases[i].path), cases[i].want,
                "\"%s\" and \"%s\"", cases[i].pattern, cases[i].path);
    test_twin();
    test_bound();
    return tap_done();
}
