/*
 * What a page of a site shows is in its address alone, behind the '?':
 *
 *     period=month&date=2026-11-01&compare=year_over_year&metric=visits
 *     &f=is,visit:source,Google|Bing&sources=channels
 *
 * Every link of a page is its own address with something changed.  Keys that
 * are not in address.c are left out.  part= is of the request and in no link:
 * "lists" is the headline and the lists alone, "report" what takes the place
 * of another report on a page that is open.
 *
 * A filter is OPERATOR,DIMENSION,VALUE; of several values one is enough, with
 * '|' between them; a '|' or '\' of a value has a '\' before it.  All of "f"
 * must hold; of those of "f1", of "f2" and so on, one is enough.  A form sends
 * a new one as fo, fd and fv, and as fg the number of the one beside which it
 * is enough.
 *
 * Pure.  Without memory GLib ends the process.
 */

#ifndef GL_ADDRESS_H
#define GL_ADDRESS_H

#include <glib.h>
#include <jansson.h>
#include <stddef.h>

/* More no bar shows; the engine takes GL_QUESTION_FILTERS_MAX nodes. */
#define GL_ADDRESS_FILTERS_MAX 16

/* This alone: the page without any pair, but with the numbers of now. */
#define GL_ADDRESS_FRESH "fresh"

struct gl_address;

/* QUERY is what follows '?' as it came, NULL = nothing; what is no UTF-8 or no
 * pair is left out, and so is a second pair of a key, but of filters. */
struct gl_address *gl_address_read(const char *query);
void gl_address_free(struct gl_address *address);

/* 1: QUERY has nothing but pairs of a page, and no secret could be among them.
 */
int gl_address_is_plain(const char *query);

/* The value of KEY, or NULL. */
const char *gl_address_get(const struct gl_address *address, const char *key);

/* "?period=7d", the caller's: pairs of KEY and VALUE are put in, NULL as a
 * value takes it out; ended by a NULL key.  Without any pair it is "?". */
char *gl_address_with(const struct gl_address *address, ...)
    __attribute__((sentinel));
/* Its pairs as [{name, value}] without the keys that follow: hidden fields of
 * a form. */
json_t *gl_address_fields(const struct gl_address *address, ...)
    __attribute__((sentinel));

/* What is wanted of it, if not all of the page. */
enum gl_address_part { GL_ADDRESS_WHOLE, GL_ADDRESS_LISTS, GL_ADDRESS_REPORT };
enum gl_address_part gl_address_part(const struct gl_address *address);

size_t gl_address_filters(const struct gl_address *address);
/* 0: it must hold; else the number of those of which one is enough. */
int gl_address_group(const struct gl_address *address, size_t i);
/* [operator, dimension, [value, ...]] as the API takes it, the caller's. */
json_t *gl_address_filter(const struct gl_address *address, size_t i);
/* 1: one that must hold says what DIMENSION is, not what it is not. */
int gl_address_has(const struct gl_address *address, const char *dimension);
/* The address with one more, DIMENSION is VALUE, in the place of what else
 * says so; or without filter I; or without any.  The caller's. */
char *gl_address_filtered(const struct gl_address *address,
                          const char *dimension, const char *value);
char *gl_address_unfiltered(const struct gl_address *address, size_t i);
char *gl_address_unfiltered_all(const struct gl_address *address);

#endif
