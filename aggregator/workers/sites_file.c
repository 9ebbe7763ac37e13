/* The sites file; see sites_file.h.  Writer thread. */

#include "workers/sites_file.h"

#include "left_out.h"
#include "store/directory/directory.h"
#include "store/meta/meta.h"
#include "store/meta/shields.h"
#include "workers/tokens_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Workers run as another user; it holds nothing secret. */
#define FILE_MODE 0644

static int
fail(char *why, size_t why_len, const char *what, const char *path)
{
    snprintf(why, why_len, "sites file: cannot %s %s: %s", what, path,
             strerror(errno));
    return -1;
}

struct writing {
    FILE *file;
    const struct gl_version *version;
    GHashTable *shields; /* int64_t * -> GString *: words of a line */
    GHashTable *writers; /* accounts whose tokens may write events */
};

/* SHIELDS of each site that has some, as words of its line. */
static void
gather(void *arg, const struct gl_meta_shield *shield)
{
    GHashTable *words = arg;
    GString *line = g_hash_table_lookup(words, &shield->site);
    g_autofree char *key = g_strdup_printf(" block_%s=", shield->kind);

    if (line == NULL) {
        line = g_string_new("");
        g_hash_table_insert(words, g_memdup2(&shield->site, sizeof(int64_t)),
                            line);
    }
    /* they come by kind */
    g_string_append(line, strstr(line->str, key) == NULL ? key : ",");
    g_string_append_uri_escaped(line, shield->text, "/*:", FALSE);
}

static void
free_words(gpointer line)
{
    g_string_free(line, TRUE);
}

static void
write_left_out(FILE *file, uint32_t left_out)
{
    const char *before = " left_out=";

    for (int n = 0; n < GL_LEFT_OUT_N; n++)
        if (left_out >> n & 1) {
            fprintf(file, "%s%s", before, gl_left_out_word(n));
            before = ",";
        }
}

static void
write_line(const struct writing *to, const char *domain,
           const struct gl_meta_site *site)
{
    static const char *const optouts[] = {
        [GL_OPTOUT_NO] = "",
        [GL_OPTOUT_BOTH] = " optout=1",
        [GL_OPTOUT_GPC] = " optout=gpc",
        [GL_OPTOUT_DNT] = " optout=dnt",
    };
    const GString *shields = g_hash_table_lookup(to->shields, &site->id);
    FILE *file = to->file;

    fputs(domain, file);
    if (site->optout >= GL_OPTOUT_NO && site->optout <= GL_OPTOUT_DNT)
        fputs(optouts[site->optout], file);
    if (site->hosts[0] != '\0')
        fprintf(file, " hosts=%s", site->hosts);
    if (site->umami_id[0] != '\0')
        fprintf(file, " alias=%s", site->umami_id);
    if (site->matomo_id != 0)
        fprintf(file, " alias=matomo:%" PRId64, site->matomo_id);
    if (site->currency[0] != '\0')
        fprintf(file, " currency=%s", site->currency);
    if (g_hash_table_contains(to->writers, site->account))
        fprintf(file, " account=%s", site->account);
    write_left_out(file, site->left_out);
    if (shields != NULL)
        fputs(shields->str, file);
    fputc('\n', file);
}

static int
write_site(void *arg, const struct gl_meta_site *site)
{
    const struct writing *to = arg;

    write_line(to, site->domain, site);
    return 0;
}

static int
write_old(void *arg, const struct gl_meta_old_name *name)
{
    const struct writing *to = arg;
    const struct gl_meta_site *site =
        gl_version_site_id(to->version, name->site);

    if (site != NULL)
        write_line(to, name->domain, site);
    return 0;
}

static int
write_all(const char *path, const struct gl_meta *meta, GHashTable *shields)
{
    FILE *file = fopen(path, "we");
    struct writing to = {file, gl_meta_now(meta), shields, NULL};

    if (file == NULL)
        return -1;
    to.writers = gl_tokens_file_accounts(to.version);
    gl_version_sites(to.version, NULL, write_site, &to);
    gl_version_old_names(to.version, write_old, &to);
    g_hash_table_destroy(to.writers);
    /* a flush that failed on the way is forgotten by the next one */
    int failed = ferror(file) || fflush(file) != 0 ||
                 fchmod(fileno(file), FILE_MODE) != 0 ||
                 fsync(fileno(file)) != 0;
    if (fclose(file) != 0)
        failed = 1;
    return failed ? -1 : 0;
}

int
gl_sites_file_write(const char *path, struct gl_meta *meta, char *why,
                    size_t why_len)
{
    char temp[1200];
    g_autoptr(GHashTable) shields =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_words);
    int result = 0;

    snprintf(temp, sizeof temp, "%s.new", path);
    if (gl_meta_shields(meta, 0, gather, shields) != 0) {
        snprintf(why, why_len, "sites file: %s", gl_meta_why(meta));
        result = -1;
    } else if (write_all(temp, meta, shields) != 0) {
        result = fail(why, why_len, "write", temp);
    } else if (rename(temp, path) != 0) {
        result = fail(why, why_len, "rename", temp);
    }
    return result;
}
