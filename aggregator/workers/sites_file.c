/* The sites file; see sites_file.h.  Writer thread. */

#include "workers/sites_file.h"

#include "store/directory.h"
#include "store/meta.h"

#include <errno.h>
#include <fcntl.h>
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

static void
write_line(FILE *file, const char *domain, const struct gl_meta_site *site)
{
    fputs(domain, file);
    if (site->optout)
        fputs(" optout=1", file);
    if (site->hosts[0] != '\0')
        fprintf(file, " hosts=%s", site->hosts);
    if (site->umami_id[0] != '\0')
        fprintf(file, " alias=%s", site->umami_id);
    if (site->matomo_id != 0)
        fprintf(file, " alias=matomo:%" PRId64, site->matomo_id);
    if (site->currency[0] != '\0')
        fprintf(file, " currency=%s", site->currency);
    fputc('\n', file);
}

static int
write_site(void *arg, const struct gl_meta_site *site)
{
    write_line(arg, site->domain, site);
    return 0;
}

struct naming {
    FILE *file;
    const struct gl_version *version;
};

static int
write_old(void *arg, const struct gl_meta_old_name *name)
{
    const struct naming *naming = arg;
    const struct gl_meta_site *site =
        gl_version_site_id(naming->version, name->site);

    if (site != NULL)
        write_line(naming->file, name->domain, site);
    return 0;
}

static int
write_all(const char *path, const struct gl_meta *meta)
{
    FILE *file = fopen(path, "we");
    struct naming naming = {file, gl_meta_now(meta)};
    int failed;

    if (file == NULL)
        return -1;
    gl_version_sites(naming.version, NULL, write_site, file);
    gl_version_old_names(naming.version, write_old, &naming);
    /* a flush that failed on the way is forgotten by the next one */
    failed = ferror(file) || fflush(file) != 0 ||
             fchmod(fileno(file), FILE_MODE) != 0 || fsync(fileno(file)) != 0;
    if (fclose(file) != 0)
        failed = 1;
    return failed ? -1 : 0;
}

int
gl_sites_file_write(const char *path, const struct gl_meta *meta, char *why,
                    size_t why_len)
{
    char temp[1200];

    snprintf(temp, sizeof temp, "%s.new", path);
    if (write_all(temp, meta) != 0)
        return fail(why, why_len, "write", temp);
    if (rename(temp, path) != 0)
        return fail(why, why_len, "rename", temp);
    return 0;
}
