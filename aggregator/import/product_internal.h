/*
 * What product.c (rows), matomo.c and google.c (which columns there are)
 * share.  Names end in _: nobody else's.
 */

#ifndef GL_IMPORT_PRODUCT_INTERNAL_H
#define GL_IMPORT_PRODUCT_INTERNAL_H

#include "import/product.h"

enum gl_product_how {
    GL_PRODUCT_COUNT, /* a whole number */
    GL_PRODUCT_SHARE, /* of visits, 0.25 or 25% */
    GL_PRODUCT_EACH,  /* seconds of each visit, on average */
    GL_PRODUCT_TEXT,
    GL_PRODUCT_WORD, /* of a browser, a system, a device */
    GL_PRODUCT_PATH, /* of a page: its query is cut off */
    GL_PRODUCT_HOST, /* of a URL */
    GL_PRODUCT_CODE, /* of a country */
};

/* Of several that are one of ours the first is taken that is there.  OURS
 * NULL: it may be there. */
struct gl_product_column {
    const char *theirs, *ours;
    enum gl_product_how how;
};

struct gl_product_table {
    const char *theirs; /* NULL = of any name */
    const char *ours;   /* in store/rows/day_tables.def */
    const char *main;   /* column of ours that is there; NULL = no text is */
    const struct gl_product_column *columns;
};

struct gl_product {
    const char *format;
    const struct gl_product_table *tables; /* ended by one without OURS */
    const char *visits; /* the column that SHARE and EACH are of */
    /* columns that any table may have, besides its own; NULL = all */
    const char *const *unused;
    int (*leaves_out)(const json_t *row);
};

extern const struct gl_product gl_product_matomo_, gl_product_google_;

#endif
