/* Two answers to one question beside each other: the engine's, and what was
 * recounted.  Pure. */

#ifndef GL_RECOUNT_RECEIPT_COMPARE_H
#define GL_RECOUNT_RECEIPT_COMPARE_H

#include <jansson.h>

#define GL_RECEIPT_DIFFERENCES_MAX 100 /* told */

/*
 * Each row of TOLD gets "recounted", the metrics that AGAIN has for it.
 * {equal, numbers, differences: [{dimensions, metrics, recounted}]}, the
 * caller's: a row that only one has is null in the other's place; one whose
 * earlier time differs is there with what was said of it, too.
 */
json_t *gl_receipt_compare(json_t *told, const json_t *again);

#endif
