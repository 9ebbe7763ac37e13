/*
 * Whether a request is its operator's: proved by a signature (Web Bot Auth,
 * RFC 9421 with Ed25519) of a key that the owner has put into a folder.
 */

#ifndef GL_ENRICH_IDENTITY_H
#define GL_ENRICH_IDENTITY_H

#include "enrich.h"
#include "operators.h"

struct gl_keys;

/* So many signatures are verified of one second, by the events' time. */
#define GL_KEYS_VERIFIED_MAX 100

/*
 * Reads keys out of DIR: OPERATOR.json or OPERATOR-....json, a set of JSON Web
 * Keys.  What cannot be used is said in the log and left out.  NULL: no
 * memory.
 */
struct gl_keys *gl_keys_new_(const char *dir);
void gl_keys_free_(struct gl_keys *keys);

/*
 * "proved", with the operator's CODE; or why not:
 *
 *   malformed, other_tag, unsupported, unbound, too_long   signed.h
 *   not_yet_valid, expired     by created and expires
 *   unknown_key                it is in no file
 *   wrong_signature
 *   too_many                   of one second
 */
const char *gl_keys_ask_(struct gl_keys *keys, const struct gl_event *event,
                         struct gl_text *code);

#endif
