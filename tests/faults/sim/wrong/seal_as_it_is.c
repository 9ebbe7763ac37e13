/* The head of a sealed day says the token that the day has when it is written,
 * not the one that its set was read with: rows came in between. */

#include "../days.h"
#include "store/rows/sealed.h"

int __real_gl_account_seal_day(struct gl_account *account,
                               const struct gl_sealed_day *day, int pieces,
                               const void *head, size_t len);
int __wrap_gl_account_seal_day(struct gl_account *account,
                               const struct gl_sealed_day *day, int pieces,
                               const void *head, size_t len);

int
__wrap_gl_account_seal_day(struct gl_account *account,
                           const struct gl_sealed_day *day, int pieces,
                           const void *head, size_t len)
{
    struct gl_sealed_day now = *day;

    now.token =
        sim_db_day(sim_account_db(account), sim_day_place(day->day))->token;
    return __real_gl_account_seal_day(account, &now, pieces, head, len);
}
