/*
 * Templates: the files *.html of this room, which conf/templates makes C of at
 * build time.  What a template may say:
 *
 *     {{name}}              a text, escaped as its place needs it; a whole
 *                           number as 12,345; a real as 1.5, both as in the
 *                           language in use; a dash for null, not known
 *     {{#name}} ... {{/name}}    once for each element of a list; once for an
 *                           object, whose names come first inside; once for
 *                           any other value but false and null
 *     {{^name}} ... {{/name}}    when none of these is there
 *     {{>name}}             what the file name.html of this room says, here
 *     {{@key}}              a message (language/say.h), its places looked up
 *                           as names are
 *     {{@key:before}} ... {{@key:link}} ... {{@key:after}}    the three parts
 *                           of one that has a [link]
 *     {{@key:script}}       one with its places not filled, in an attribute
 *
 * A name is looked up in the innermost object that has it.  Nothing is written
 * that is not escaped.  A text that people read is a message, or a value.
 */

#ifndef GL_TEMPLATE_H
#define GL_TEMPLATE_H

#include <jansson.h>
#include <stddef.h>

/* The template NAME with the names of VIEW: malloc'd, and its length; NULL:
 * out of memory, or there is no such template. */
char *gl_template(const char *name, const json_t *view, size_t *len);

#endif
