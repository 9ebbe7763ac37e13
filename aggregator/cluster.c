/* The cluster file is read here; see cluster.h. */

#include "cluster.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A word, a name, and how libpq connects. */
#define LINE_MAX_BYTES (16 + GL_CLUSTER_NAME_MAX + GL_CLUSTER_CONNINFO_MAX)

struct reader {
    struct gl_cluster *cluster;
    char *why; /* sentence without file and line */
    size_t why_len;
};

static int
refuse(struct reader *r, const char *what, const char *value)
{
    snprintf(r->why, r->why_len, "%s \"%.200s\"", what, value);
    return -1;
}

/* The word at *TEXT, which becomes what is behind it. */
static char *
word(char **text)
{
    char *begin = *text + strspn(*text, " \t");

    *text = begin + strcspn(begin, " \t");
    if (**text != '\0')
        *(*text)++ = '\0';
    *text += strspn(*text, " \t");
    return begin;
}

int
gl_cluster_is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return len > 0 && len < GL_CLUSTER_NAME_MAX && name[len] == '\0';
}

int
gl_cluster_find(const struct gl_cluster *cluster, const char *name)
{
    for (int i = 0; i < cluster->n; i++)
        if (name[0] == '\0' || strcmp(cluster->primaries[i].name, name) == 0)
            return i;
    return -1;
}

static int
set_primary(struct reader *r, const char *name, const char *conninfo)
{
    struct gl_cluster *cluster = r->cluster;

    if (!gl_cluster_is_name(name))
        return refuse(r,
                      "a primary's name has 1 to 32 small letters, digits "
                      "and \"-\", not",
                      name);
    if (conninfo[0] == '\0')
        return refuse(r, "how to connect is missing behind", name);
    if (gl_cluster_find(cluster, name) != -1)
        return refuse(r, "a second primary", name);
    if (cluster->n == GL_CLUSTER_MAX)
        return refuse(r, "too many primaries, from", name);
    struct gl_cluster_primary *one = &cluster->primaries[cluster->n];
    if (strlen(conninfo) >= sizeof one->conninfo)
        return refuse(r, "too long is how to connect to", name);
    strcpy(one->name, name);
    strcpy(one->conninfo, conninfo);
    cluster->n++;
    return 0;
}

/* It becomes an address on pages. */
static int
is_address(const char *url)
{
    return (strncmp(url, "https://", 8) == 0 ||
            strncmp(url, "http://", 7) == 0) &&
           strpbrk(url, " \t\"'<>\\") == NULL;
}

static int
set_pages(struct reader *r, const char *name, const char *url)
{
    int i = name[0] == '\0' ? -1 : gl_cluster_find(r->cluster, name);
    size_t len = strlen(url);

    if (i == -1)
        return refuse(r, "pages are of a primary named before, not of", name);
    struct gl_cluster_primary *one = &r->cluster->primaries[i];
    if (one->pages[0] != '\0')
        return refuse(r, "a second address of the pages of", name);
    while (len > 0 && url[len - 1] == '/')
        len--;
    if (!is_address(url) || len >= sizeof one->pages)
        return refuse(r,
                      "pages have an address of 255 bytes at most, such as "
                      "https://stats.example, not",
                      url);
    memcpy(one->pages, url, len);
    return 0;
}

/* LINE may be written into. */
static int
read_line(struct reader *r, char *line)
{
    size_t len = strcspn(line, "\r\n");

    while (len > 0 && strchr(" \t", line[len - 1]) != NULL)
        len--;
    line[len] = '\0';
    char *rest = line, *what = word(&rest);
    if (*what == '\0' || *what == '#')
        return 0;
    char *name = word(&rest);
    if (strcmp(what, "primary") == 0)
        return set_primary(r, name, rest);
    if (strcmp(what, "pages") == 0)
        return set_pages(r, name, rest);
    return refuse(r, "a line begins with primary or pages, not with", what);
}

static int
read_lines(struct reader *r, FILE *file, int *number)
{
    char line[LINE_MAX_BYTES];

    while (fgets(line, sizeof line, file) != NULL) {
        ++*number;
        if (strchr(line, '\n') == NULL && !feof(file)) {
            snprintf(r->why, r->why_len, "line is too long");
            return -1;
        }
        if (read_line(r, line) != 0)
            return -1;
    }
    return 0;
}

int
gl_cluster_read(struct gl_cluster *cluster, const char *path, char *why,
                size_t why_len)
{
    const char *name =
        strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    char sentence[512] = "";
    struct reader reader = {cluster, sentence, sizeof sentence};
    int number = 0, result;
    FILE *file = fopen(path, "re");

    memset(cluster, 0, sizeof *cluster);
    if (file == NULL) {
        snprintf(why, why_len, "cannot open %s: %s", path, strerror(errno));
        return -1;
    }
    result = read_lines(&reader, file, &number);
    if (result != 0) {
        snprintf(why, why_len, "%s:%d: %s", name, number, sentence);
    } else if (ferror(file)) { /* no line to name: a folder, for one */
        snprintf(why, why_len, "cannot read %s: %s", path, strerror(errno));
        result = -1;
    } else if (cluster->n == 0) {
        snprintf(why, why_len, "%s names no primary", name);
        result = -1;
    }
    fclose(file);
    return result;
}
