/*
 * Ids of segments as keys of GLib's hash tables: gconstpointer is a uint8_t
 * [GL_SEGMENT_ID_BYTES], which the table does not own.
 */

#ifndef GL_SEGMENT_KEY_H
#define GL_SEGMENT_KEY_H

#include "segment.h"

#include <glib.h>
#include <string.h>

/* The first bytes: ids are random. */
static inline guint
gl_segment_key_hash(gconstpointer id)
{
    guint hash;

    memcpy(&hash, id, sizeof hash);
    return hash;
}

static inline gboolean
gl_segment_key_equal(gconstpointer left, gconstpointer right)
{
    return memcmp(left, right, GL_SEGMENT_ID_BYTES) == 0;
}

#endif
