/* Is every number of a text known?  See numbers.h. */

#include "mailer/numbers.h"

#include <string.h>

GHashTable *
gl_numbers_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* DIGITS without zeros before it, the caller's. */
static char *
plain(const char *digits)
{
    digits += strspn(digits, "0");
    return g_strdup(*digits == '\0' ? "0" : digits);
}

void
gl_numbers_add(GHashTable *known, gint64 number)
{
    g_hash_table_add(known, g_strdup_printf("%" G_GINT64_FORMAT, ABS(number)));
}

static int
is_known(GHashTable *known, const char *digits)
{
    g_autofree char *number = plain(digits);
    return g_hash_table_contains(known, number);
}

/* ---- runs of digits ---- */

/* What stands between two groups of digits at TEXT: its bytes, 0 = nothing
 * does.  *BLANK: it may also stand between two numbers; *DECIMAL: what follows
 * is no group of three. */
static size_t
between(const char *text, int *blank, int *decimal)
{
    static const struct {
        const char *text;
        int blank;
    } marks[] = {{",", 0}, {".", 0},      {"'", 0},     {"\u2019", 0},
                 {" ", 1}, {"\u00a0", 1}, {"\u202f", 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        size_t len = strlen(marks[i].text);

        if (!g_str_has_prefix(text, marks[i].text))
            continue;
        size_t digits = strspn(text + len, "0123456789");
        *blank = marks[i].blank;
        *decimal = digits != 3;
        return digits == 0 || (*blank && *decimal) ? 0 : len;
    }
    return 0;
}

/* A number as it is written, cut where blanks are: each part may be one. */
struct run {
    GString *joined;
    GPtrArray *parts; /* of GString */
    const char *end;
    int decimal; /* there is no such fact */
};

static void
free_part(gpointer part)
{
    g_string_free(part, TRUE);
}

static struct run
read_run(const char *text)
{
    struct run run = {g_string_new(NULL),
                      g_ptr_array_new_with_free_func(free_part), text, 0};
    GString *part = g_string_new(NULL);
    int blank, decimal;

    for (;;) {
        while (g_ascii_isdigit(*run.end)) {
            g_string_append_c(run.joined, *run.end);
            g_string_append_c(part, *run.end++);
        }
        size_t skip = between(run.end, &blank, &decimal);
        if (skip == 0)
            break;
        run.decimal |= decimal;
        if (blank) {
            g_ptr_array_add(run.parts, part);
            part = g_string_new(NULL);
        }
        run.end += skip;
    }
    g_ptr_array_add(run.parts, part);
    return run;
}

static void
free_run(struct run *run)
{
    g_string_free(run->joined, TRUE);
    g_ptr_array_unref(run->parts);
}

static int
run_is_known(GHashTable *known, const struct run *run)
{
    if (run->decimal)
        return 0;
    if (is_known(known, run->joined->str))
        return 1;
    for (guint i = 0; i < run->parts->len; i++)
        if (!is_known(known, ((GString *) run->parts->pdata[i])->str))
            return 0;
    return 1;
}

void
gl_numbers_add_text(GHashTable *known, const char *text)
{
    while (*text != '\0') {
        if (!g_ascii_isdigit(*text)) {
            text++;
            continue;
        }
        struct run run = read_run(text);
        g_hash_table_add(known, plain(run.joined->str));
        for (guint i = 0; i < run.parts->len; i++)
            g_hash_table_add(known,
                             plain(((GString *) run.parts->pdata[i])->str));
        text = run.end;
        free_run(&run);
    }
}

/* The letter after the one at TEXT. */
static const char *
next_letter(const char *text)
{
    return text + g_utf8_skip[(guchar) *text];
}

/* ---- words ---- */

/* WORD is of WORDS alone, one after the other: "dreihundert". */
static int
is_made_of(const char *word, char *const *words)
{
    if (*word == '\0')
        return 1;
    for (; *words != NULL; words++)
        if (**words != '\0' && g_str_has_prefix(word, *words) &&
            is_made_of(word + strlen(*words), words))
            return 1;
    return 0;
}

/* The first word of TEXT that is a number, the caller's, or NULL. */
static char *
find_word(const char *text, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    char *found = NULL;
    g_autofree char *low = g_utf8_strdown(text, -1);

    for (const char *at = low; *at != '\0' && found == NULL;) {
        const char *end = at;

        while (g_unichar_isalpha(g_utf8_get_char(end)))
            end = next_letter(end);
        g_autofree char *word = g_strndup(at, (gsize) (end - at));
        if (end > at && is_made_of(word, list))
            found = g_strdup(word);
        at = end > at ? end : next_letter(at);
    }
    return found;
}

/* ---- a text ---- */

static int
is_other_number(gunichar letter)
{
    GUnicodeType type = g_unichar_type(letter);

    return letter > 127 &&
           (type == G_UNICODE_DECIMAL_NUMBER ||
            type == G_UNICODE_LETTER_NUMBER || type == G_UNICODE_OTHER_NUMBER);
}

int
gl_numbers_are_known(GHashTable *known, const char *words, const char *text,
                     char **unknown)
{
    *unknown = NULL;
    for (const char *at = text; *at != '\0' && *unknown == NULL;) {
        if (g_ascii_isdigit(*at)) {
            struct run run = read_run(at);
            if (!run_is_known(known, &run))
                *unknown = g_strndup(at, (gsize) (run.end - at));
            at = run.end;
            free_run(&run);
            continue;
        }
        if (is_other_number(g_utf8_get_char(at)))
            *unknown = g_strndup(at, (gsize) (next_letter(at) - at));
        at = next_letter(at);
    }
    if (*unknown == NULL)
        *unknown = find_word(text, words);
    return *unknown == NULL;
}
