/*
 * The class of device behind a User-Agent, from the few words that makers of
 * browsers agreed on.  uap-core's 625 device patterns would tell brand and
 * model, which nobody asks for, and cost four times all the rest.
 */

#ifndef GL_ENRICH_DEVICE_H
#define GL_ENRICH_DEVICE_H

#include <stddef.h>

/* "Desktop", "Mobile", "Tablet", "TV", or "" when the text does not say. */
const char *gl_device_class_(const char *agent, size_t len);

#endif
