/*
 * Findings about what pages and scripts load: the bytes of files, and of the
 * programs that have them in them, are searched for addresses that a browser
 * would ask by itself.  A link that a reader may follow is none.
 */

#define _GNU_SOURCE /* memmem */

#include "deploy/residency.h"

#include <string.h>

/* What stands before an address that is loaded; letters of either case. */
static const char *const loads[] = {"src=",
                                    "srcset=",
                                    "url(",
                                    "@import",
                                    "import(",
                                    "import ",
                                    "from ",
                                    "fetch(",
                                    "open(",
                                    "sendbeacon(",
                                    "worker(",
                                    "importscripts(",
                                    "eventsource(",
                                    "poster=",
                                    "websocket(",
                                    "action=",
                                    "<link rel=\"stylesheet\" href="};

/* TEXT up to AT ends with WORD, letters of either case: where that begins. */
static const char *
behind(const char *text, const char *at, const char *word)
{
    size_t len = strlen(word);

    return (size_t) (at - text) >= len &&
                   g_ascii_strncasecmp(at - len, word, len) == 0
               ? at - len
               : NULL;
}

/* What loads the address whose "//" is at SLASHES; NULL: nothing does. */
static const char *
load_before(const char *text, const char *slashes)
{
    static const char *const schemes[] = {"https:", "http:", "wss:", "ws:"};
    const char *at = slashes, *begin;

    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if ((begin = behind(text, slashes, schemes[i])) != NULL) {
            at = begin;
            break;
        }
    while (at > text && at[-1] != '\0' && strchr("\"'` (", at[-1]) != NULL)
        at--;
    /* a word may end with one of these itself */
    for (const char *end = at; end <= slashes && end <= at + 2; end++)
        for (size_t i = 0; i < G_N_ELEMENTS(loads); i++)
            if ((begin = behind(text, end, loads[i])) != NULL)
                return begin;
    return NULL;
}

/* Where TEXT loads something from elsewhere first, or NULL. */
static const char *
find_load(const char *text, const char *end)
{
    const char *at = text, *load;

    while ((at = memmem(at, (size_t) (end - at), "//", 2)) != NULL) {
        if (end - at > 2 && g_ascii_isalnum(at[2]) &&
            (load = load_before(text, at)) != NULL)
            return load;
        at += 2;
    }
    return NULL;
}

static int
line_of(const char *text, const char *at)
{
    int line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* 1 = it loads nothing; a finding where it does. */
static int
look_at_file(struct gl_residency *r, const char *path)
{
    g_autofree char *text = NULL;
    gsize len;

    if (!g_file_get_contents(path, &text, &len, NULL)) {
        gl_residency_add(r, GL_REFUSED, path, 0,
                         "cannot be read, and what it loads is not known");
        return 0;
    }
    const char *at = find_load(text, text + len);
    if (at != NULL) {
        size_t most = MIN((size_t) (text + len - at), 80);

        gl_residency_add(r, GL_REFUSED, path,
                         memchr(text, '\0', len) == NULL ? line_of(text, at)
                                                         : 0,
                         "loads from elsewhere: %.*s",
                         (int) strcspn(at, "\n\r>") < (int) most
                             ? (int) strcspn(at, "\n\r>")
                             : (int) most,
                         at);
    }
    return at == NULL;
}

/* Compressed copies stand beside what they are of. */
static int
look_below(struct gl_residency *r, const char *path, int *files)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    int holds = 1;

    if (dir == NULL) {
        if (g_str_has_suffix(path, ".gz"))
            return 1;
        (*files)++;
        return look_at_file(r, path);
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);

        holds &= look_below(r, below, files);
    }
    return holds;
}

void
gl_residency_assets(struct gl_residency *r, const char *path, const char *kind)
{
    int files = 0;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return; /* not made yet, or not here */
    int holds = look_below(r, path, &files);
    if (holds)
        gl_residency_add(r, GL_CHECKED, path, 0,
                         "%s load nothing from elsewhere (%d %s)", kind, files,
                         files == 1 ? "file" : "files");
}
