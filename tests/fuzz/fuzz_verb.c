/*
 * Door: what the administrator asks, with the real writer thread, store and
 * sites file in a folder of their own.  Every question has one answer: 200, or
 * a sentence; none says that the program or its storage failed.
 *
 * Input: lines "VERB ARGUMENTS"; import.chunk has its body behind a tab, with
 * '\r' for each end of a line.  What the lines made is removed again.
 */

#include "admin/verbs.h"
#include "fuzz.h"
#include "log.h"
#include "tap.h"
#include "writer/writer.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct gl_conf conf;
static struct gl_ingest *ingest;

struct question {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    int status; /* 0 = no answer yet */
    json_t *answer;
};

static void
on_live(void *arg, const struct gl_live *live)
{
    (void) arg;
    (void) live;
}

static void
stop(void)
{
    gl_writer_stop(ingest);
}

static void
folder(char *path, const char *root, const char *name)
{
    snprintf(path, GL_CONF_PATH_MAX, "%s/%s", root, name);
    FUZZ_MUST(mkdir(path, 0700) == 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct gl_ingest_events events = {.live = on_live};
    const char *root = tap_dir();
    char why[512] = "", data[PATH_MAX];
    int code;

    (void) argc;
    (void) argv;
    gl_log_open(GL_LOG_ERROR);
    folder(conf.data, root, "data");
    folder(conf.spool, root, "spool");
    folder(conf.salt, root, "salt");
    snprintf(conf.sites, sizeof conf.sites, "%.900s/sites", root);
    fuzz_data_dir(data);
    FUZZ_MUST(strlen(data) < sizeof conf.enrich);
    memcpy(conf.enrich, data, strlen(data) + 1);
    conf.workers[0] = getuid();
    conf.workers_n = 1;
    conf.paths_per_day = 10000;
    conf.watchers_max = 10;
    ingest = gl_writer_start(&conf, &events, why, sizeof why, &code);
    if (ingest == NULL)
        fprintf(stderr, "%s\n", why);
    FUZZ_MUST(ingest != NULL);
    atexit(stop); /* before the folder goes */
    return 0;
}

static void
on_done(void *arg, int status, json_t *answer)
{
    struct question *question = arg;

    pthread_mutex_lock(&question->mutex);
    FUZZ_MUST(question->status == 0 && status != 0);
    question->status = status;
    question->answer = answer;
    pthread_cond_signal(&question->cond);
    pthread_mutex_unlock(&question->mutex);
}

static void
check_answer(const struct question *question)
{
    const json_t *error = json_object_get(question->answer, "error");

    FUZZ_MUST(json_is_object(question->answer));
    FUZZ_MUST(question->status < 500);
    if (question->status != 200)
        FUZZ_MUST(json_string_length(error) > 0);
}

/* ARGS is taken; so is BODY.  Returns the answer, which the caller owns. */
static json_t *
ask(const char *verb, json_t *args, char *body, size_t body_len)
{
    struct question question = {PTHREAD_MUTEX_INITIALIZER,
                                PTHREAD_COND_INITIALIZER, 0, NULL};
    struct gl_call call = {.verb = verb,
                           .args = args,
                           .body = body,
                           .body_len = body_len,
                           .actor = "fuzz",
                           .done = on_done,
                           .arg = &question};

    FUZZ_MUST(gl_writer_call(ingest, &call) == 0);
    pthread_mutex_lock(&question.mutex);
    while (question.status == 0)
        pthread_cond_wait(&question.cond, &question.mutex);
    pthread_mutex_unlock(&question.mutex);
    check_answer(&question);
    return question.answer;
}

static char *
body_of(const char *text, size_t *len)
{
    char *body = strdup(text), *at;

    FUZZ_MUST(body != NULL);
    *len = strlen(body);
    for (at = body; *at != '\0'; at++)
        if (*at == '\r')
            *at = '\n';
    return body;
}

/* The socket passes JSON objects only, and a body only with a chunk. */
static void
ask_line(char *line)
{
    char *tab = strchr(line, '\t'), *space, *body = NULL;
    size_t body_len = 0;
    json_t *args;

    if (tab != NULL)
        *tab++ = '\0';
    space = strchr(line, ' ');
    if (space != NULL)
        *space++ = '\0';
    args =
        json_loads(space == NULL ? "{}" : space, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(args)) {
        json_decref(args);
        return;
    }
    if (strcmp(line, "import.chunk") == 0)
        body = body_of(tab == NULL ? "x" : tab, &body_len);
    json_decref(ask(line, args, body, body_len));
}

/* Have REMOVE_VERB remove each of what LIST_VERB lists, by its KEY. */
static void
remove_all(const char *list_verb, const char *list, const char *remove_verb,
           const char *key, const char *arg)
{
    json_t *answer = ask(list_verb, json_object(), NULL, 0), *entry;
    size_t i;

    json_array_foreach (json_object_get(answer, list), i, entry) {
        json_t *name = json_object_get(entry, key);

        FUZZ_MUST(name != NULL);
        json_decref(ask(remove_verb, json_pack("{s:O}", arg, name), NULL, 0));
    }
    json_decref(answer);
}

static size_t
count_sites(void)
{
    json_t *answer = ask("site.list", json_object(), NULL, 0);
    size_t n = json_array_size(json_object_get(answer, "sites"));

    json_decref(answer);
    return n;
}

/* The workers' file says what the list says. */
static void
check_sites_file(size_t sites)
{
    FILE *file = fopen(conf.sites, "re");
    size_t lines = 0;
    int c, before = '\n';

    FUZZ_MUST(file != NULL);
    for (; (c = getc(file)) != EOF; before = c) {
        FUZZ_MUST(before != '\n' || (c != ' ' && c != '\n'));
        lines += c == '\n';
    }
    fclose(file);
    FUZZ_MUST(before == '\n' && lines == sites);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *) data, size), *line, *rest = text;

    FUZZ_MUST(text != NULL);
    /* it is there at first; the end of the input before removed it */
    json_decref(
        ask("account.add", json_pack("{s:s}", "name", "default"), NULL, 0));
    while ((line = strsep(&rest, "\n")) != NULL)
        ask_line(line);
    free(text);
    check_sites_file(count_sites());
    remove_all("site.list", "sites", "site.remove", "domain", "domain");
    remove_all("token.list", "tokens", "token.revoke", "id", "id");
    remove_all("account.list", "accounts", "account.remove", "name", "name");
    FUZZ_MUST(count_sites() == 0);
    return 0;
}
