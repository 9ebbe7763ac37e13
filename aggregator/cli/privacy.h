/* "glinto check privacy": what is stored of visitors. */

#ifndef GL_CLI_PRIVACY_H
#define GL_CLI_PRIVACY_H

#include "cli/cli.h"

/* Asked and printed.  The exit status: GL_CLI_FAILED when a claim does not
 * hold. */
int gl_cli_privacy(struct gl_cli *cli);

#endif
