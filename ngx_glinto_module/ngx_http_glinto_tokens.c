
/*
 * Copyright (C) Glinto contributors
 *
 * Tokens that may write events: the file that glintod keeps beside the salts,
 *
 *   SHA-256 of the token in hex, a blank, account
 *
 * a line each, 78 bytes, at most 1000 of them: read as a whole, by one call,
 * when the second's look finds another file.  Without the file nobody may.
 *
 * A token is compared by its hash with each line, none of which tells by time
 * how much of it was alike.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_tokens.h"
#include "ngx_http_glinto_worker.h"

#include <sodium.h>


#define NGX_HTTP_GLINTO_TOKEN_LINE                                            \
    (2 * NGX_HTTP_GLINTO_TOKEN_HASH + 1 + NGX_HTTP_GLINTO_TOKEN_ACCOUNT + 1)

/* ours have 46 */

#define NGX_HTTP_GLINTO_TOKEN_LONGEST  256


typedef struct {
    u_char                    hash[NGX_HTTP_GLINTO_TOKEN_HASH];
    u_char                    account[NGX_HTTP_GLINTO_TOKEN_ACCOUNT];
} ngx_http_glinto_token_t;


struct ngx_http_glinto_tokens_s {
    struct stat               st;          /* of the file */
    ngx_uint_t                n;
    ngx_http_glinto_token_t   tokens[NGX_HTTP_GLINTO_TOKENS_MAX];
};


static ngx_uint_t ngx_http_glinto_tokens_changed(
    const ngx_http_glinto_tokens_t *tokens, const struct stat *st);
static void ngx_http_glinto_tokens_read(ngx_http_glinto_worker_t *gw, int fd);
static ngx_int_t ngx_http_glinto_tokens_line(ngx_http_glinto_token_t *token,
    const u_char *line);
static ngx_int_t ngx_http_glinto_tokens_bearer(ngx_http_request_t *r,
    ngx_str_t *token);


void
ngx_http_glinto_tokens_tick(ngx_http_glinto_worker_t *gw)
{
    int          fd;
    u_char       name[NGX_MAX_PATH];
    struct stat  st;

    *ngx_snprintf(name, NGX_MAX_PATH - 1, "%V/tokens", &gw->gmcf->salt) = '\0';

    if (stat((char *) name, &st) == -1) {
        ngx_http_glinto_tokens_free(gw);
        return;
    }

    if (!ngx_http_glinto_tokens_changed(gw->tokens, &st)) {
        return;
    }

    fd = open((char *) name, O_RDONLY|O_CLOEXEC|O_NONBLOCK|O_NOFOLLOW);

    if (fd == -1) {

        /* whoever was revoked may be in what is known */

        ngx_http_glinto_tokens_free(gw);
        return;
    }

    ngx_http_glinto_tokens_read(gw, fd);

    (void) close(fd);
}


static ngx_uint_t
ngx_http_glinto_tokens_changed(const ngx_http_glinto_tokens_t *tokens,
    const struct stat *st)
{
    return tokens == NULL
           || tokens->st.st_ino != st->st_ino
           || tokens->st.st_dev != st->st_dev
           || tokens->st.st_size != st->st_size
           || tokens->st.st_mtim.tv_sec != st->st_mtim.tv_sec
           || tokens->st.st_mtim.tv_nsec != st->st_mtim.tv_nsec;
}


/* what is no whole line is none; a longer file is not glintod's */

static void
ngx_http_glinto_tokens_read(ngx_http_glinto_worker_t *gw, int fd)
{
    u_char                    *text, *p;
    ssize_t                    n;
    ngx_http_glinto_tokens_t  *tokens;

    ngx_http_glinto_tokens_free(gw);

    tokens = malloc(sizeof(ngx_http_glinto_tokens_t));
    text = malloc(NGX_HTTP_GLINTO_TOKENS_MAX * NGX_HTTP_GLINTO_TOKEN_LINE);

    if (tokens == NULL || text == NULL || fstat(fd, &tokens->st) == -1
        || !S_ISREG(tokens->st.st_mode))
    {
        free(tokens);
        free(text);
        return;
    }

    tokens->n = 0;

    n = read(fd, text,
             NGX_HTTP_GLINTO_TOKENS_MAX * NGX_HTTP_GLINTO_TOKEN_LINE);

    for (p = text; n >= NGX_HTTP_GLINTO_TOKEN_LINE;
         p += NGX_HTTP_GLINTO_TOKEN_LINE, n -= NGX_HTTP_GLINTO_TOKEN_LINE)
    {
        if (ngx_http_glinto_tokens_line(&tokens->tokens[tokens->n], p)
            == NGX_OK)
        {
            tokens->n++;
        }
    }

    free(text);

    gw->tokens = tokens;
}


static ngx_int_t
ngx_http_glinto_tokens_line(ngx_http_glinto_token_t *token,
    const u_char *line)
{
    size_t  n;

    enum { hex = 2 * NGX_HTTP_GLINTO_TOKEN_HASH };

    if (line[NGX_HTTP_GLINTO_TOKEN_LINE - 1] != '\n' || line[hex] != ' '
        || sodium_hex2bin(token->hash, sizeof(token->hash), (char *) line, hex,
                          NULL, &n, NULL)
           != 0
        || n != sizeof(token->hash))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(token->account, line + hex + 1, sizeof(token->account));

    return NGX_OK;
}


void
ngx_http_glinto_tokens_free(ngx_http_glinto_worker_t *gw)
{
    free(gw->tokens);
    gw->tokens = NULL;
}


ngx_int_t
ngx_http_glinto_tokens_find(ngx_http_request_t *r,
    ngx_http_glinto_worker_t *gw, ngx_str_t *account)
{
    u_char      hash[NGX_HTTP_GLINTO_TOKEN_HASH];
    ngx_str_t   token;
    ngx_uint_t  i, found;

    if (gw->tokens == NULL
        || ngx_http_glinto_tokens_bearer(r, &token) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    (void) crypto_hash_sha256(hash, token.data, token.len);

    found = NGX_HTTP_GLINTO_TOKENS_MAX;

    for (i = 0; i < gw->tokens->n; i++) {
        if (sodium_memcmp(gw->tokens->tokens[i].hash, hash, sizeof(hash))
            == 0)
        {
            found = i;
        }
    }

    if (found == NGX_HTTP_GLINTO_TOKENS_MAX) {
        return NGX_DECLINED;
    }

    account->data = gw->tokens->tokens[found].account;
    account->len = NGX_HTTP_GLINTO_TOKEN_ACCOUNT;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_tokens_bearer(ngx_http_request_t *r, ngx_str_t *token)
{
    u_char     *p, *last;
    ngx_str_t   value;

    if (r->headers_in.authorization == NULL) {
        return NGX_DECLINED;
    }

    value = r->headers_in.authorization->value;

    if (value.len < 7 || value.len > NGX_HTTP_GLINTO_TOKEN_LONGEST
        || ngx_strncasecmp(value.data, (u_char *) "Bearer ", 7) != 0)
    {
        return NGX_DECLINED;
    }

    last = value.data + value.len;

    for (p = value.data + 7; p < last && *p == ' '; p++) { /* void */ }

    token->data = p;
    token->len = last - p;

    return token->len ? NGX_OK : NGX_DECLINED;
}
