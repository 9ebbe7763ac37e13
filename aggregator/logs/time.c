/* Times of access logs; see time.h. */

#include "logs/time.h"

#include <string.h>

/* What is left of a text; WRONG: it began with something else. */
struct digits {
    const char *at, *end;
    int wrong;
};

static int64_t
number(struct digits *from, int n)
{
    int64_t value = 0;

    if (from->end - from->at < n) {
        from->wrong = 1;
        return 0;
    }
    for (; n > 0; n--, from->at++) {
        if (*from->at < '0' || *from->at > '9')
            from->wrong = 1;
        value = 10 * value + (*from->at - '0');
    }
    return value;
}

static void
expect(struct digits *from, char c)
{
    if (from->at == from->end || *from->at != c)
        from->wrong = 1;
    else
        from->at++;
}

struct moment {
    int64_t year, month, day, hour, minute, second, ms, east;
};

/* Days from 1970 to a date of the Gregorian calendar, whose DAY may lie behind
 * the month's end.  A year begins in March here, so that a leap day is its
 * last: months before have 153 days in five. */
static int64_t
days_to(int64_t year, int64_t month, int64_t day)
{
    int64_t march = month > 2 ? month - 3 : month + 9;

    year -= month <= 2;
    return 365 * year + year / 4 - year / 100 + year / 400 +
           (153 * march + 2) / 5 + day - 719469;
}

static int64_t
moment_ms(const struct digits *read, const struct moment *is)
{
    int64_t minutes;

    if (read->wrong || is->month < 1 || is->month > 12 || is->day < 1 ||
        is->day > 31 || is->hour > 23 || is->minute > 59 || is->second > 60 ||
        is->year < 1970)
        return GL_LOGS_NO_TIME;
    minutes = 60 * (24 * days_to(is->year, is->month, is->day) + is->hour) +
              is->minute - is->east;
    return (60 * minutes + is->second) * 1000 + is->ms;
}

/* "+0200", "+02:00", "Z": minutes east of Greenwich. */
static int64_t
zone(struct digits *from)
{
    int64_t east;
    int west;

    if (from->at < from->end && *from->at == 'Z')
        return 0;
    west = from->at < from->end && *from->at == '-';
    expect(from, west ? '-' : '+');
    east = 60 * number(from, 2);
    if (from->at < from->end && *from->at == ':')
        from->at++;
    east += number(from, 2);
    return west ? -east : east;
}

static int64_t
month(struct digits *from)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; from->end - from->at >= 3 && i < 12; i++)
        if (memcmp(from->at, names + 3 * i, 3) == 0) {
            from->at += 3;
            return i + 1;
        }
    from->wrong = 1;
    return 0;
}

static void
clock_of(struct digits *from, struct moment *is)
{
    is->hour = number(from, 2);
    expect(from, ':');
    is->minute = number(from, 2);
    expect(from, ':');
    is->second = number(from, 2);
}

int64_t
gl_logs_time_local(struct gl_text text)
{
    struct digits from = {text.data, text.data + text.len, text.len == 0};
    struct moment is = {0};

    is.day = number(&from, 2);
    expect(&from, '/');
    is.month = month(&from);
    expect(&from, '/');
    is.year = number(&from, 4);
    expect(&from, ':');
    clock_of(&from, &is);
    expect(&from, ' ');
    is.east = zone(&from);
    return moment_ms(&from, &is);
}

/* ".5" and ",512": milliseconds. */
static int64_t
fraction(struct digits *from)
{
    int64_t ms = 0, unit = 100;

    if (from->at == from->end || (*from->at != '.' && *from->at != ','))
        return 0;
    for (from->at++;
         from->at < from->end && *from->at >= '0' && *from->at <= '9';
         from->at++, unit /= 10)
        ms += unit * (*from->at - '0');
    return ms;
}

int64_t
gl_logs_time_iso(struct gl_text text)
{
    struct digits from = {text.data, text.data + text.len, text.len == 0};
    struct moment is = {0};

    is.year = number(&from, 4);
    expect(&from, '-');
    is.month = number(&from, 2);
    expect(&from, '-');
    is.day = number(&from, 2);
    expect(&from, from.at < from.end && *from.at == ' ' ? ' ' : 'T');
    clock_of(&from, &is);
    is.ms = fraction(&from);
    is.east = zone(&from);
    return moment_ms(&from, &is);
}

int64_t
gl_logs_time_unix(struct gl_text text)
{
    struct digits from = {text.data, text.data + text.len, text.len == 0};
    int64_t seconds = 0;
    int n = 0;

    for (; from.at < from.end && *from.at >= '0' && *from.at <= '9' && n < 12;
         from.at++, n++)
        seconds = 10 * seconds + (*from.at - '0');
    seconds = 1000 * seconds + fraction(&from);
    return n == 0 || from.at != from.end ? GL_LOGS_NO_TIME : seconds;
}
