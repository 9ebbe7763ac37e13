/* Rooms that the simulator has none of: nobody gets mails. */

#include "writer/mails.h"
#include "writer/notices.h"
#include "writer/quotas.h"

int
gl_writer_mail_(struct gl_ingest *in)
{
    (void) in;
    return 0;
}

int
gl_writer_notice_(struct gl_ingest *in)
{
    (void) in;
    return 0;
}

void
gl_writer_quotas_read_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_writer_mails_free_(struct gl_writer_mails *mails)
{
    (void) mails;
}

void
gl_writer_notices_free_(struct gl_writer_notices *notices)
{
    (void) notices;
}
