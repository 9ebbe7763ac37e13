/*
 * What usage costs, by a file of prices:
 *
 *     currency EUR
 *     base 9           a month and account
 *     events 10000 0   up to so many events of a month, for each 1,000
 *     events 1000000 0.05
 *     events more 0.02 beyond
 *     storage 0.10     for each GB (10^9 bytes) at the end
 *
 * Amounts are decimals with at most six digits behind the point; sums are
 * rounded to a hundredth, half of one up.
 */

#ifndef GL_CLI_PRICES_H
#define GL_CLI_PRICES_H

#include <stdint.h>

#define GL_PRICES_TIERS_MAX 32

struct gl_prices {
    char currency[8];
    int64_t base, storage; /* millionths */
    int tiers_n;
    struct gl_price_tier {
        int64_t upto; /* events; INT64_MAX = all */
        int64_t each; /* millionths for 1,000 */
    } tiers[GL_PRICES_TIERS_MAX];
};

/* 0, or -1: it has been said why, with the line. */
int gl_prices_read(const char *path, struct gl_prices *prices);

/* A month of EVENTS with BYTES stored costs so many hundredths. */
int64_t gl_prices_month(const struct gl_prices *prices, int64_t events,
                        int64_t bytes);

#endif
