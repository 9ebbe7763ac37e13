/* "glinto check residency": does all data stay where the policy says. */

#ifndef GL_CLI_RESIDENCY_H
#define GL_CLI_RESIDENCY_H

#include "cli/cli.h"

/* Looked at and printed.  The exit status: GL_CLI_FAILED when something is
 * refused. */
int gl_cli_residency(struct gl_cli *cli);

#endif
