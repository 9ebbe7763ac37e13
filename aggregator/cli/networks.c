/*
 * glinto networks: the lists of networks that operators of crawlers publish,
 * made into lines that nginx reads ("geo").  Asks no glintod.
 *
 * A file is JSON, an object whose lists have networks by one of KEYS or as
 * texts, or text with a network a line.  Its name begins with the operator's:
 * openai-gptbot.json.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define FOLDER "/etc/glinto/networks"
#define CODE_BYTES 33 /* GL_FIELD(37) of the event, and its end */
#define NETWORKS_MAX 20000
#define FILE_BYTES_MAX (4 << 20)
/* What is wider is no operator's. */
#define WIDEST_IPV4 8
#define WIDEST_IPV6 16

static const char help[] =
    "glinto networks - networks that operators of crawlers publish, for "
    "nginx\n"
    "\n"
    "  glinto networks [FOLDER] [--out FILE]\n"
    "      FOLDER       default " FOLDER "\n"
    "      --out FILE   replaced at once; default: standard output\n"
    "\n"
    "Reads FOLDER/OPERATOR.json, FOLDER/OPERATOR-....txt and so on: lists as\n"
    "OpenAI, Anthropic, Google, Bing, Perplexity and others publish them, or "
    "a\n"
    "network a line.  When one cannot be read nothing is written.\n"
    "\n"
    "  glinto networks --out /etc/glinto/networks.conf && nginx -s reload\n";

static const char *const keys[] = {"ipv4Prefix", "ipv6Prefix", "ip_prefix",
                                   "ipv6_prefix"};

struct networks {
    json_t *all; /* network: operator's code */
    const char *file;
    char code[CODE_BYTES];
};

/* Bits of ADDRESS from BITS on become 0. */
static void
clear_host(unsigned char *address, int len, int bits)
{
    for (int i = 0; i < len; i++) {
        int left = bits - 8 * i;

        if (left < 8)
            address[i] &= (unsigned char) (left <= 0 ? 0 : 0xff00 >> left);
    }
}

/* TEXT, "203.0.113.7/24", as nginx has it: "203.0.113.0/24"; 0: it is none. */
static int
normalise(const char *text, char network[64])
{
    unsigned char address[16];
    char host[INET6_ADDRSTRLEN], *end;
    const char *slash = strchr(text, '/');
    size_t len = slash != NULL ? (size_t) (slash - text) : strlen(text);
    int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    int most = family == AF_INET6 ? 128 : 32;
    long bits = most;

    if (len >= sizeof host)
        return 0;
    memcpy(host, text, len);
    host[len] = '\0';
    if (slash != NULL) {
        bits = strtol(slash + 1, &end, 10);
        if (!isdigit((unsigned char) slash[1]) || *end != '\0')
            return 0;
    }
    if (bits > most || bits < (most == 32 ? WIDEST_IPV4 : WIDEST_IPV6) ||
        inet_pton(family, host, address) != 1)
        return 0;
    clear_host(address, most / 8, (int) bits);
    inet_ntop(family, address, host, sizeof host);
    snprintf(network, 64, "%s/%ld", host, bits);
    return 1;
}

/* 0, or the exit status; then it has been said why. */
static int
add(struct networks *networks, const char *text)
{
    char network[64];

    if (!normalise(text, network))
        return gl_cli_fail("%s: \"%.60s\" is no network of an operator (IPv4 "
                           "from /%d on, IPv6 from /%d on)",
                           networks->file, text, WIDEST_IPV4, WIDEST_IPV6);
    const char *other =
        json_string_value(json_object_get(networks->all, network));
    if (other != NULL && strcmp(other, networks->code) != 0)
        fprintf(stderr,
                "glinto: %s: %s is in a list of %s, too; it stays "
                "theirs\n",
                networks->file, network, other);
    if (other != NULL)
        return 0;
    if (json_object_size(networks->all) == NETWORKS_MAX)
        return gl_cli_fail("%s: more than %d networks in all", networks->file,
                           NETWORKS_MAX);
    json_object_set_new(networks->all, network, json_string(networks->code));
    return 0;
}

/* One of a list: a text, or an object with some by a key. */
static int
add_entry(struct networks *networks, const json_t *entry)
{
    const char *text = json_string_value(entry);
    int status = text != NULL ? add(networks, text) : 0;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && status == 0; i++) {
        text = json_string_value(json_object_get(entry, keys[i]));
        if (text != NULL)
            status = add(networks, text);
    }
    return status;
}

static int
read_json(struct networks *networks)
{
    json_error_t error;
    json_auto_t *file = json_load_file(networks->file, 0, &error);
    const json_t *list, *entry;
    const char *key;
    size_t i;
    int status = 0;

    if (file == NULL)
        return gl_cli_fail("%s: line %d: %s", networks->file, error.line,
                           error.text);
    json_object_foreach (file, key, list)
        json_array_foreach (list, i, entry)
            if (status == 0)
                status = add_entry(networks, entry);
    return status;
}

static int
read_text(struct networks *networks)
{
    FILE *in = fopen(networks->file, "r");
    char line[256], *rest;
    int status = 0;

    if (in == NULL)
        return gl_cli_fail("%s: %s", networks->file, strerror(errno));
    while (status == 0 && fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "#\r\n")] = '\0';
        char *word = strtok_r(line, " \t", &rest);
        if (word != NULL)
            status = add(networks, word);
    }
    fclose(in);
    return status;
}

/* "openai" of "openai-gptbot.json"; 0: no such name. */
static int
set_code(struct networks *networks, const char *name)
{
    size_t len = 0;

    while (islower((unsigned char) name[len]) ||
           (len > 0 && isdigit((unsigned char) name[len])))
        len++;
    if (len == 0 || len >= CODE_BYTES ||
        (name[len] != '-' && name[len] != '.'))
        return 0;
    memcpy(networks->code, name, len);
    networks->code[len] = '\0';
    return 1;
}

static int
ends(const char *text, const char *with)
{
    size_t len = strlen(text), n = strlen(with);

    return len >= n && strcmp(text + len - n, with) == 0;
}

static int
read_file(struct networks *networks, const char *folder, const char *name)
{
    char path[4096];
    struct stat st;
    size_t before = json_object_size(networks->all);
    int json = ends(name, ".json");

    if (name[0] == '.' || (!json && !ends(name, ".txt")))
        return 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    networks->file = path;
    if (!set_code(networks, name))
        return gl_cli_fail("%s: its name does not begin with an operator's: "
                           "small letters, then a \"-\" or \".\"",
                           path);
    if (stat(path, &st) == 0 && st.st_size > FILE_BYTES_MAX)
        return gl_cli_fail("%s has more than 4 MiB", path);
    int status = json ? read_json(networks) : read_text(networks);
    if (status == 0 && json_object_size(networks->all) == before)
        fprintf(stderr, "glinto: %s adds no network\n", path);
    return status;
}

static int
read_folder(struct networks *networks, const char *folder)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort), status = 0;

    if (n == -1)
        return gl_cli_fail("%s: %s", folder, strerror(errno));
    for (int i = 0; i < n; i++) {
        if (status == 0)
            status = read_file(networks, folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return status;
}

static int
print(const struct networks *networks, FILE *to)
{
    const char *network;
    json_t *code;

    fprintf(to, "# Made by \"glinto networks\".\n");
    json_object_foreach (networks->all, network, code)
        fprintf(to, "%s %s;\n", network, json_string_value(code));
    return fflush(to);
}

static int
write_file(const struct networks *networks, const char *path)
{
    char fresh[4096];

    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *to = fopen(fresh, "w");
    if (to == NULL)
        return gl_cli_fail("%s: %s", fresh, strerror(errno));
    int failed = print(networks, to);
    failed |= fclose(to);
    if (failed == 0 && rename(fresh, path) == 0)
        return GL_CLI_OK;
    unlink(fresh);
    return gl_cli_fail("%s cannot be written", path);
}

static int
run(struct gl_cli *cli)
{
    const char *folder = NULL, *out = NULL;
    const struct gl_cli_option options[] = {{"out", &out, NULL}, {0}};
    struct networks networks = {.all = json_object()};
    int n;

    gl_cli_without_verb(cli);
    int status = gl_cli_read_some(cli, options, &folder, 1, &n);
    if (status == GL_CLI_OK)
        status = read_folder(&networks, n == 1 ? folder : FOLDER);
    if (status == GL_CLI_OK && out != NULL)
        status = write_file(&networks, out);
    else if (status == GL_CLI_OK && print(&networks, stdout) != 0)
        status = gl_cli_fail("cannot write the answer");
    json_decref(networks.all);
    return status;
}

const struct gl_cli_noun gl_cli_networks = {
    .name = "networks", .run = run, .help = help};
