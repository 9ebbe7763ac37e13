/*
 * Promise: a code is taken as RFC 6238 makes it (its appendix B), a step of
 * 30 s before and after, once; keys come back as they were written.
 */

#include "access/totp.h"
#include "tap.h"

#include <string.h>

static const uint8_t *
key_of(void)
{
    return (const uint8_t *) "12345678901234567890";
}

/* The last six digits of its eight. */
static void
test_vectors(void)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"},
                   {1111111111, "050471"}, {1234567890, "005924"},
                   {2000000000, "279037"}, {20000000000, "353130"}};

    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        int64_t at_ms = vectors[i].at_s * 1000, step = at_ms / 30000;
        const char *code = vectors[i].code;

        tap_int(gl_totp_step(key_of(), code, at_ms, 0), step, "%s", code);
        tap_int(gl_totp_step(key_of(), code, at_ms + 30000, 0), step,
                "a step later");
        tap_int(gl_totp_step(key_of(), code, at_ms - 30000, 0), step,
                "a step before");
        tap_int(gl_totp_step(key_of(), code, at_ms + 60000, 0), 0, "not two");
        if (step > 2) /* there was a time before */
            tap_int(gl_totp_step(key_of(), code, at_ms - 60000, 0), 0,
                    "not two");
        tap_int(gl_totp_step(key_of(), code, at_ms, step), 0, "and once");
        tap_int(gl_totp_step(key_of(), code, at_ms, step - 1), step,
                "after another");
    }
    tap_int(gl_totp_step(key_of(), "", 59000, 0), 0, "no code");
    tap_int(gl_totp_step(key_of(), "28708", 59000, 0), 0, "a part of one");
    tap_int(gl_totp_step(key_of(), "2870822", 59000, 0), 0, "more than one");
}

static void
test_texts(void)
{
    uint8_t key[GL_TOTP_BYTES], again[GL_TOTP_BYTES];
    char text[GL_TOTP_TEXT + 1];
    int wrong = 0;

    gl_totp_text(key_of(), text);
    tap_str(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "base32 of RFC 4648");
    for (int i = 0; i < 1000; i++) {
        gl_totp_draw(key);
        gl_totp_text(key, text);
        wrong +=
            !gl_totp_read(text, again) || memcmp(key, again, sizeof key) != 0;
    }
    tap_int(wrong, 0, "1,000 come back");
    tap_int(gl_totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", key), 0, "short");
    tap_int(gl_totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", key), 0,
            "no such letter");
}

int
main(void)
{
    test_vectors();
    test_texts();
    return tap_done();
}
