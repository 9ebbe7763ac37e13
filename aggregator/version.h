/* The version of both programs, as --version tells it. */

#ifndef GL_VERSION_H
#define GL_VERSION_H

#define GL_VERSION "0.1.0"

#endif
