/* Prices of usage; see prices.h. */

#include "cli/prices.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define MILLION 1000000
#define THOUSAND 1000
#define HUNDREDTH 10000 /* in millionths */
#define MAX_WHOLE 1000000000
#define LINE_MAX_BYTES 256

/* "12.5" in millionths: 1, or 0 when it is no such amount. */
static int
read_amount(const char *text, int64_t *millionths)
{
    int64_t whole = 0, part = 0, scale = MILLION;

    if (!isdigit((unsigned char) *text))
        return 0;
    for (; isdigit((unsigned char) *text) && whole < MAX_WHOLE; text++)
        whole = whole * 10 + (*text - '0');
    if (*text == '.')
        for (text++; isdigit((unsigned char) *text) && scale > 1; text++) {
            scale /= 10;
            part += (*text - '0') * scale;
        }
    *millionths = whole * MILLION + part;
    return *text == '\0' && whole < MAX_WHOLE;
}

static int
read_upto(const char *text, int64_t *upto)
{
    char *end;

    if (strcmp(text, "more") == 0) {
        *upto = INT64_MAX;
        return 1;
    }
    errno = 0;
    *upto = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && isdigit((unsigned char) *text) &&
           *upto > 0;
}

/* NULL, or what is wrong with "events UPTO EACH". */
static const char *
add_tier(struct gl_prices *prices, const char *upto, const char *each)
{
    struct gl_price_tier *tier = &prices->tiers[prices->tiers_n];

    if (prices->tiers_n == GL_PRICES_TIERS_MAX)
        return "has too many steps of events";
    if (!read_upto(upto, &tier->upto))
        return "needs a number of events, or \"more\"";
    if (prices->tiers_n > 0 && tier[-1].upto >= tier->upto)
        return "needs more events than the step before";
    if (!read_amount(each, &tier->each))
        return "needs a price such as 0.05";
    prices->tiers_n++;
    return NULL;
}

/* NULL, or what is wrong with the line. */
static const char *
take(struct gl_prices *prices, char *line)
{
    static const char blanks[] = " \t\r\n";
    char *rest, *key = strtok_r(line, blanks, &rest);
    char *first = strtok_r(NULL, blanks, &rest);
    char *second = strtok_r(NULL, blanks, &rest);

    if (key == NULL || *key == '#')
        return NULL;
    if (first == NULL)
        return "has no value";
    if (strcmp(key, "events") == 0)
        return second == NULL ? "needs a price such as 0.05"
                              : add_tier(prices, first, second);
    if (second != NULL && *second != '#')
        return "has one word too many";
    if (strcmp(key, "currency") == 0)
        return (size_t) snprintf(prices->currency, sizeof prices->currency,
                                 "%s", first) < sizeof prices->currency
                   ? NULL
                   : "needs a short currency such as EUR";
    if (strcmp(key, "base") == 0)
        return read_amount(first, &prices->base) ? NULL
                                                 : "needs an amount such as 9";
    if (strcmp(key, "storage") == 0)
        return read_amount(first, &prices->storage)
                   ? NULL
                   : "needs a price such as 0.10";
    return "is currency, base, events or storage";
}

int
gl_prices_read(const char *path, struct gl_prices *prices)
{
    FILE *in = fopen(path, "re");
    char line[LINE_MAX_BYTES];
    const char *why = NULL;
    int n = 0;

    memset(prices, 0, sizeof *prices);
    if (in == NULL) {
        gl_cli_fail("%s: %s", path, strerror(errno));
        return -1;
    }
    while (why == NULL && fgets(line, sizeof line, in) != NULL) {
        n++;
        why = take(prices, line);
    }
    fclose(in);
    if (why == NULL && prices->tiers_n > 0 &&
        prices->tiers[prices->tiers_n - 1].upto != INT64_MAX)
        why = "ends without \"events more PRICE\"";
    if (why == NULL && prices->currency[0] == '\0')
        why = "ends without \"currency EUR\"";
    if (why != NULL)
        gl_cli_fail("%s:%d: the line %s", path, n, why);
    return why == NULL ? 0 : -1;
}

int64_t
gl_prices_month(const struct gl_prices *prices, int64_t events, int64_t bytes)
{
    int64_t before = 0;
    __int128 sum = (__int128) prices->base * 1000000000; /* 10^-15 */

    for (int i = 0; i < prices->tiers_n && before < events; i++) {
        int64_t upto =
            prices->tiers[i].upto < events ? prices->tiers[i].upto : events;

        sum += (__int128) (upto - before) * prices->tiers[i].each * MILLION;
        before = upto;
    }
    sum += (__int128) bytes * prices->storage;
    sum /= THOUSAND * (__int128) MILLION / 2 * HUNDREDTH;
    return (int64_t) ((sum + 1) / 2);
}
