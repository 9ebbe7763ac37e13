/*
 * Lists, networks and the clock of nginx, as the module's shields and senders
 * call them; see stand_in.c.  An address is a network of one.
 */

#include "stand_in.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static ngx_time_t now = {.sec = 1767323045};
volatile ngx_time_t *ngx_cached_time = &now;

/* An element of its own block: what is written behind it is found. */
void *
ngx_array_push(ngx_array_t *a)
{
    u_char *elts = ngx_palloc(a->pool, (a->nelts + 1) * a->size);

    if (elts == NULL)
        return NULL;
    memcpy(elts, a->elts, a->nelts * a->size);
    a->elts = elts;
    return elts + a->size * a->nelts++;
}

ngx_int_t
ngx_ptocidr(ngx_str_t *text, ngx_cidr_t *cidr)
{
    char address[INET6_ADDRSTRLEN];

    if (text->len >= sizeof address)
        return NGX_ERROR;
    memcpy(address, text->data, text->len);
    address[text->len] = '\0';
    cidr->family = AF_INET6;
    return inet_pton(AF_INET6, address, &cidr->u.in6.addr) == 1 ? NGX_OK
                                                                : NGX_ERROR;
}

ngx_int_t
ngx_cidr_match(struct sockaddr *sa, ngx_array_t *cidrs)
{
    const struct sockaddr_in6 *six = (struct sockaddr_in6 *) (void *) sa;
    const ngx_cidr_t *cidr = cidrs->elts;

    for (size_t i = 0; i < cidrs->nelts; i++)
        if (memcmp(&cidr[i].u.in6.addr, &six->sin6_addr, 16) == 0)
            return NGX_OK;
    return NGX_DECLINED;
}

u_char *
ngx_strlcasestrn(u_char *s1, u_char *last, u_char *s2, size_t n)
{
    for (; (size_t) (last - s1) > n; s1++)
        if (strncasecmp((char *) s1, (char *) s2, n + 1) == 0)
            return s1;
    return NULL;
}
