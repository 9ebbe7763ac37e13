/* Words of other products for browsers, systems, devices, as ours.  Pure. */

#ifndef GL_IMPORT_NAMES_H
#define GL_IMPORT_NAMES_H

/* Static, or THEIRS where there is no other word for it. */
const char *gl_import_our_name_(const char *theirs);

#endif
