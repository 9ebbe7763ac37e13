/* The name of this machine; see machine.h. */

#include "log/machine.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
gl_machine_name(const struct gl_conf *conf, char name[GL_MACHINE_MAX])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

    if (conf->machine[0] != '\0')
        snprintf(name, GL_MACHINE_MAX, "%s", conf->machine);
    else if (gethostname(name, GL_MACHINE_MAX - 1) != 0)
        strcpy(name, "unnamed");
    name[GL_MACHINE_MAX - 1] = '\0';
    for (char *at = name; *at != '\0'; at++)
        if (strchr(letters, *at) == NULL)
            *at = '-';
}
