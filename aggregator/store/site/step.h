/* The end of a step of what is done with all of a site. */

#ifndef GL_STORE_SITE_STEP_H
#define GL_STORE_SITE_STEP_H

struct gl_account;

/* Commit what a step did, or take it back; RC or an error. */
int gl_account_end_step_(struct gl_account *account, int rc);

#endif
