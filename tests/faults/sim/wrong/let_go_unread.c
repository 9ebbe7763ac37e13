/* The rows of a day are let go whatever it is now: not only as it was when
 * what is sealed of it was read. */

#include "../days.h"
#include "store/site/let_go.h"

int __real_gl_account_let_go(struct gl_account *account,
                             const struct gl_let_go_day *what);
int __wrap_gl_account_let_go(struct gl_account *account,
                             const struct gl_let_go_day *what);

int
__wrap_gl_account_let_go(struct gl_account *account,
                         const struct gl_let_go_day *what)
{
    struct gl_let_go_day now = *what;

    now.day.token =
        sim_db_day(sim_account_db(account), sim_day_place(what->day.day))
            ->token;
    return __real_gl_account_let_go(account, &now);
}
