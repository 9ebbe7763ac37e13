/*
 * Promise: what is compared with a secret is compared without a branch and
 * without an address that depends on the secret: the token of a form, the mark
 * of an opened link, the code of a telephone.
 *
 * Method: for valgrind, which e2e/secrets_time.t runs this under, a secret is
 * memory without a value: each branch and each address made of one is told.
 */

#include "access/form.h"
#include "access/totp.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#define NOW_MS INT64_C(59000)
#define OUTSIDE(result)                                                       \
    (VALGRIND_MAKE_MEM_DEFINED(&(result), sizeof result), (result))

static void
keep_secret(void *bytes, size_t len)
{
    VALGRIND_MAKE_MEM_UNDEFINED(bytes, len);
}

static void
test_form(void)
{
    struct gl_access access = {0};
    struct gl_asker asker = {.session = "a session of 22 letter"};
    struct gl_meta_person person = {.id = "abcdefghijkl"};
    char token[GL_SECRET_LEN + 1], other[GL_SECRET_LEN + 1];
    int fits;

    gl_form_begin(&access);
    gl_form_token(&access, &asker, &person, token);
    memcpy(other, token, sizeof other);
    other[3] ^= 1;
    keep_secret(access.key, sizeof access.key);
    fits = gl_form_fits(&access, &asker, &person, token);
    tap_int(OUTSIDE(fits), 1, "the token of a form");
    fits = gl_form_fits(&access, &asker, &person, other);
    tap_int(OUTSIDE(fits), 0, "another");
}

static void
test_mark(void)
{
    struct gl_access access = {0};
    struct gl_meta_share share = {.id = "abcdefghijkl"};
    char name[GL_FORM_MARK_NAME], mark[GL_SECRET_LEN + 1];
    char cookies[sizeof name + sizeof mark + 1];
    int opens;

    gl_form_begin(&access);
    gl_form_mark(&access, &share, name, mark);
    snprintf(cookies, sizeof cookies, "%s=%s", name, mark);
    keep_secret(access.key, sizeof access.key);
    opens = gl_form_opens(&access, &share, cookies);
    tap_int(OUTSIDE(opens), 1, "the mark of an opened link");
    cookies[strlen(cookies) - 2] ^= 1;
    opens = gl_form_opens(&access, &share, cookies);
    tap_int(OUTSIDE(opens), 0, "another");
}

static void
test_code(void)
{
    static const char *const codes[] = {"287082", "287083", "000000"};
    uint8_t key[GL_TOTP_BYTES];

    memcpy(key, "12345678901234567890", sizeof key);
    keep_secret(key, sizeof key);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        int64_t step = gl_totp_step(key, codes[i], NOW_MS, 0);

        tap_int(OUTSIDE(step), i == 0, "%s", codes[i]);
    }
}

/* The last: valgrind does see it, where it runs. */
static void
test_sees(void)
{
    volatile int secret = 1, seen = 0;
    unsigned before = VALGRIND_COUNT_ERRORS;

    tap_int(before, 0, "no branch on a secret, no address of one");
    keep_secret((void *) (uintptr_t) &secret, sizeof secret);
    if (secret) /* this one */
        seen = 1;
    tap_int(seen, 1, "a branch");
    tap_int(VALGRIND_COUNT_ERRORS > before, RUNNING_ON_VALGRIND != 0,
            "which valgrind tells");
}

int
main(void)
{
    test_form();
    test_mark();
    test_code();
    test_sees();
    return tap_done();
}
