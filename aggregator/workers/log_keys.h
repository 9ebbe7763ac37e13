/*
 * Keys under which the addresses of imported access logs are hashed: one for
 * each site and UTC day of a log, random, in SALT/log.SITE.DATE, beside the
 * salts, on tmpfs.  A key is there until the run that reads this day has
 * ended, or as long as the day's salt would be; one of a run that was killed
 * for 25 hours.  Workers do not read them (mode 0600).
 */

#ifndef GL_LOG_KEYS_H
#define GL_LOG_KEYS_H

#include <stddef.h>
#include <stdint.h>

#define GL_LOG_KEY_BYTES 16

/* The key of SITE's UTC day DAY (ms / 86400000): 1, it was made now; 0, it was
 * there; -1 with a sentence in WHY. */
int gl_log_key(const char *salt, int64_t site, int64_t day,
               uint8_t key[GL_LOG_KEY_BYTES], char *why, size_t why_len);

/* A run that read logs of SITE has ended at NOW; 0: what runs of any site left
 * that were killed.  0, or -1 with a sentence in WHY. */
int gl_log_keys_end(const char *salt, int64_t site, int64_t now_ms, char *why,
                    size_t why_len);

#endif
