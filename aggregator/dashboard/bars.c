/*
 * The bars of the last 30 minutes as SVG.  All lengths are percentages of the
 * picture, so that it fits any width without stretching corners or text, and
 * attributes, since the page's policy allows no style in HTML.  page.js
 * redraws the same bars by the same rule.
 */

#include "count/site.h"
#include "dashboard/render_internal.h"

#define BARS_TOP 8.0 /* % of the picture above the highest bar */
#define BARS_STEP (100.0 / GL_LIVE_MINUTES)
#define BARS_GAP 0.7     /* % between two bars */
#define BARS_LOWEST 2.0  /* % height of any bar that is not 0 */
#define BARS_NOTHING 1.0 /* % height of one that is */
#define BARS_SCALE_MIN 5 /* the scale ends there or higher */

/* The scale's top: one of these digits times a power of ten. */
static int64_t
ceiling(int64_t most)
{
    static const int64_t steps[] = {1, 2, 3, 4, 5, 6, 8};
    for (int64_t power = 1;; power *= 10) {
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            int64_t top = steps[i] * power;
            if (top >= most && top >= BARS_SCALE_MIN)
                return top;
        }
    }
}

/* N null: not known; it looks like none and says nothing. */
static void
bar(FILE *out, int i, const json_t *minute, int64_t top)
{
    int64_t n = json_integer_value(minute);
    double x = i * BARS_STEP;
    double height = (double) n / (double) top * (100.0 - BARS_TOP);
    if (n == 0)
        height = BARS_NOTHING;
    else if (height < BARS_LOWEST)
        height = BARS_LOWEST;
    fprintf(out, "<g%s", n == 0 ? " class=\"none\"" : "");
    if (json_is_integer(minute))
        fprintf(out, " data-n=\"%lld\"", (long long) n);
    fprintf(out,
            ">"
            "<rect class=\"hit\" x=\"%.2f%%\" y=\"0\" width=\"%.2f%%\" "
            "height=\"100%%\"/>"
            "<rect class=\"fill\" x=\"%.2f%%\" y=\"%.2f%%\" width=\"%.2f%%\" "
            "height=\"%.2f%%\" rx=\"2\"/></g>",
            x, BARS_STEP, x + BARS_GAP / 2, 100.0 - height,
            BARS_STEP - BARS_GAP, height);
}

void
gl_render_bars_(FILE *out, const json_t *minutes)
{
    int64_t most = 0;
    for (size_t i = 0; i < GL_LIVE_MINUTES; i++) {
        int64_t n = json_integer_value(json_array_get(minutes, i));
        most = n > most ? n : most;
    }
    int64_t top = ceiling(most);
    double middle = BARS_TOP + (100.0 - BARS_TOP) / 2;
    fputs("<svg aria-hidden=\"true\" focusable=\"false\">", out);
    fprintf(out,
            "<line class=\"rule\" x1=\"0\" x2=\"100%%\" y1=\"%.0f%%\" "
            "y2=\"%.0f%%\"/>"
            "<line class=\"rule\" x1=\"0\" x2=\"100%%\" y1=\"%.0f%%\" "
            "y2=\"%.0f%%\"/>"
            "<text class=\"scale\" id=\"scale-top\" x=\"100%%\" y=\"5%%\">",
            BARS_TOP, BARS_TOP, middle, middle);
    gl_render_number_(out, top);
    fputs("</text>", out);
    for (int i = 0; i < GL_LIVE_MINUTES; i++)
        bar(out, i, json_array_get(minutes, (size_t) i), top);
    fputs("</svg>", out);
}
