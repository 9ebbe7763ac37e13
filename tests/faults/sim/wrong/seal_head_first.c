/* The head of a sealed day is written with its first piece. */

#include "store/rows/sealed.h"

int __real_gl_account_seal_piece(struct gl_account *account,
                                 const struct gl_sealed_day *day,
                                 const struct gl_sealed_piece *piece);
int __wrap_gl_account_seal_piece(struct gl_account *account,
                                 const struct gl_sealed_day *day,
                                 const struct gl_sealed_piece *piece);

int
__wrap_gl_account_seal_piece(struct gl_account *account,
                             const struct gl_sealed_day *day,
                             const struct gl_sealed_piece *piece)
{
    int error = gl_account_seal_day(account, day, 1, "", 1);

    return error < 0 ? error
                     : __real_gl_account_seal_piece(account, day, piece);
}
