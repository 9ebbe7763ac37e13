/* Which languages there are; see language.h. */

#include <string.h>
#include <strings.h>

#include "language/locale.h"

const char *
gl_language_code(enum gl_language language)
{
    return gl_locale_(language)->code;
}
