/*
 * The main of a target without libFuzzer: replay FILE|FOLDER... puts in each
 * file once, in order of name.  The name is printed before, so that the last
 * line names the culprit of whatever ends the program.  Any compiler.
 */

#include "fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One input.  Milliseconds; ten times that in a sanitized build. */
#define SECONDS_MAX 10
/* Larger than any limit of a door but an import's chunk. */
#define INPUT_BYTES_MAX (256 * 1024)

__attribute__((weak)) int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    return 0;
}

static void
replay_file(const char *path)
{
    static uint8_t buffer[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "re");
    uint8_t *input;
    size_t size;

    printf("%s\n", path);
    fflush(stdout);
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    /* of its own length, so that a read past its end is seen */
    input = malloc(size == 0 ? 1 : size);
    if (input == NULL)
        abort();
    memcpy(input, buffer, size);
    alarm(SECONDS_MAX);
    LLVMFuzzerTestOneInput(input, size);
    alarm(0);
    free(input);
}

static int
is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void
replay_folder(const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_input, alphasort), i;
    char path[1024];

    if (n == -1) {
        perror(folder);
        exit(2);
    }
    for (i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        replay_file(path);
        free(entries[i]);
    }
    free(entries);
}

int
main(int argc, char **argv)
{
    struct stat st;
    int i;

    LLVMFuzzerInitialize(&argc, &argv);
    for (i = 1; i < argc; i++)
        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            replay_folder(argv[i]);
        else
            replay_file(argv[i]);
    return 0;
}
