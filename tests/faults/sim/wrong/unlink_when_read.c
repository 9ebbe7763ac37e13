/* R10 forgotten: a segment goes as soon as it is read to its end. */

#include "ingest/position.h"
#include "ingest/settle.h"

void __real_gl_ingest_settle_(struct gl_ingest *in);
void __wrap_gl_ingest_settle_(struct gl_ingest *in);

void
__wrap_gl_ingest_settle_(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;
    struct gl_ingest_entry *entry;

    while ((segment = gl_spool_next(in->spool, segment)) != NULL)
        for (entry = segment->owner; segment->complete && entry != NULL;
             entry = entry->next) {
            entry->seen = entry->upto;
            entry->gathered = 0;
        }
    __real_gl_ingest_settle_(in);
}
