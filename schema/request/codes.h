/*
 * Codes of countries, regions, languages and currencies: what has the form of
 * one is put into its one spelling, what has not is none.  Nothing is ever cut
 * to a code.  Whether a code stands on the standard's list is asked later
 * (enrich/codes.h): the form costs a worker next to nothing.
 *
 * Each fills in *CODE, empty when TEXT is none; takes at most the length of
 * the field.  0, or -1: no memory.  Pure.
 */

#ifndef GL_REQUEST_CODES_H
#define GL_REQUEST_CODES_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/* ISO 3166-1 alpha-2: "at" is AT. */
int gl_country_read(struct gl_memory memory, struct gl_text text,
                    struct gl_text *code);

/* ISO 3166-2, whole or its part behind COUNTRY: "9" and "at-9" of AT are AT-9;
 * the region of another country is none. */
int gl_region_read(struct gl_memory memory, struct gl_text text,
                   struct gl_text country, struct gl_text *code);

/* BCP 47 in the letters that RFC 5646, 2.1.1, recommends: "EN-us" is en-US. */
int gl_language_read(struct gl_memory memory, struct gl_text text,
                     struct gl_text *code);

/* ISO 4217: "eur" is EUR. */
int gl_currency_read(struct gl_memory memory, struct gl_text text,
                     struct gl_text *code);

/* 1: "1920x1080".  A side that begins with 0 is none, so one size has one
 * spelling, and no side is 0. */
int gl_screen_is(struct gl_text text);

/* TEXT when it can be the name of a city: UTF-8 without control characters,
 * not longer than the field; else empty. */
struct gl_text gl_city_read(struct gl_text text);

#pragma GCC visibility pop

#endif
