/* What events of query_world.h have: texts, and amounts of revenue. */

#include <stdint.h>

static const char *const hosts[] = {"b.example", "a.example"};
static const char *const paths[] = {"/b", "/", "/a/b", "/B", "/a"};
static const char *const names[] = {"signup", "Buy", "404"};
static const char *const keys[] = {"plan", "size"};
static const char *const prop_values[] = {"pro", "free", "PRO max"};
static const char *const screens[] = {"Large", "Small"};
static const char *const languages[] = {"en-US", "de", "pt"};
/* referrer, source, channel, utm_source, utm_medium, utm_campaign,
 * utm_content, utm_term */
static const char *const referrers[][8] = {
    {"", "", "Direct", "", "", "", "", ""},
    {"google.com", "Google", "Organic Search", "", "", "", "", ""},
    {"google.de/x", "Google", "Organic Search", "", "", "", "", ""},
    {"", "news", "Email", "news", "email", "May", "top", "t"},
};
static const char *const agents[][5] = {
    {"", "", "", "", ""},
    {"Firefox", "120", "Linux", "6", "Desktop"},
    {"Firefox", "121", "Windows", "11", "Desktop"},
    {"Safari", "17", "iOS", "17", "Mobile"},
};
static const char *const places[][3] = {
    {"", "", ""},
    {"DE", "DE-BE", "Berlin"},
    {"DE", "DE-BY", "Munich"},
    {"NP", "", "Kathmandu"},
};
/* Revenue: as it is sent, and in thousandths, halves away from 0. */
static const struct {
    const char *text;
    int64_t thousandths;
} amounts[] = {{"12.5", 12500},
               {"-3", -3000},
               {"0.0005", 1},
               {"-0.00149", -1},
               {"7.", 7000},
               {".25", 250},
               {"1000000000.1", INT64_C(1000000000100)}};
static const char *const currencies[] = {"EUR", "USD"};
#define N(list) (sizeof(list) / sizeof *(list))
