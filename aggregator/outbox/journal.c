/* What became of a mail; see journal.h. */

#include "outbox/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "outbox/outbox.h"

#define FILE_MODE 0640
#define LOCK ".lock"

/* ---- read ---- */

static void
take_line(const char *line, struct gl_journal *journal)
{
    char word[8] = "", why[GL_JOURNAL_WHY_MAX] = "";
    long long n = 0, at_ms = 0, next_ms = 0;
    int used = 0;

    if (sscanf(line, "%7s %lld %lld%n", word, &n, &at_ms, &used) != 3)
        return;
    if (strcmp(word, "again") == 0)
        sscanf(line + used, " %lld %199[^\n]", &next_ms, why);
    else
        sscanf(line + used, " %199[^\n]", why);
    journal->at_ms = at_ms;
    journal->next_ms = next_ms;
    journal->trying = strcmp(word, "try") == 0;
    if (journal->trying)
        journal->tries = (int) n;
    if (strcmp(word, "doubt") == 0 || strcmp(word, "unsure") == 0)
        journal->doubts++;
    journal->end = strcmp(word, "sent") == 0     ? GL_JOURNAL_SENT
                   : strcmp(word, "failed") == 0 ? GL_JOURNAL_FAILED
                   : strcmp(word, "unsure") == 0 ? GL_JOURNAL_UNSURE
                                                 : GL_JOURNAL_OPEN;
    if (why[0] != '\0')
        g_strlcpy(journal->why, why, sizeof journal->why);
}

int
gl_journal_read(const char *folder, const char *id, struct gl_journal *journal)
{
    char *end;
    g_autofree char *text = NULL;
    g_autofree char *path = g_build_filename(folder, id, NULL);
    g_autoptr(GError) error = NULL;
    int is_there = g_file_get_contents(path, &text, NULL, &error);
    int is_missing =
        !is_there && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

    *journal = (struct gl_journal){0};
    if (!is_there)
        return is_missing ? 0 : -1;
    for (char *line = text; (end = strchr(line, '\n')) != NULL;
         line = end + 1) {
        *end = '\0';
        take_line(line, journal);
    }
    return 0;
}

/* ---- add ---- */

/* What stands behind the last line's end was not committed: it goes. */
static int
cut_rest(int fd)
{
    char byte;
    off_t end = lseek(fd, 0, SEEK_END);

    while (end > 0 && pread(fd, &byte, 1, end - 1) == 1 && byte != '\n')
        end--;
    return end >= 0 && ftruncate(fd, end) == 0 &&
                   lseek(fd, end, SEEK_SET) == end
               ? 0
               : -1;
}

int
gl_journal_add(const char *folder, const char *id, const char *line)
{
    g_autofree char *path = g_build_filename(folder, id, NULL);
    g_autofree char *text = g_strdup_printf("%s\n", line);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    size_t len = strlen(text);
    int result = -1;

    for (char *at = text; *at != '\0'; at++)
        if (*at == '\n' && at[1] != '\0')
            *at = ' ';
    if (fd != -1 && cut_rest(fd) == 0 &&
        write(fd, text, len) == (ssize_t) len && fsync(fd) == 0)
        result = gl_outbox_sync_(folder);
    if (fd != -1)
        close(fd);
    return result;
}

int
gl_journal_remove(const char *folder, const char *id)
{
    return gl_outbox_remove(folder, id);
}

/* ---- the lock ---- */

int
gl_journal_lock(const char *folder)
{
    char *path = g_build_filename(folder, LOCK, NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);

    g_free(path);
    while (fd != -1 && flock(fd, LOCK_EX) == -1) {
        if (errno == EINTR)
            continue;
        close(fd);
        return -1;
    }
    return fd;
}

int
gl_journal_is_locked(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, LOCK, NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd == -1)
        return 0;
    int locked = flock(fd, LOCK_SH | LOCK_NB) == -1;
    close(fd);
    return locked;
}
