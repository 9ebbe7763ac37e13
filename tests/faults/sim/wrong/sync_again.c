/* What a failed sync was to make durable is taken for durable after the next
 * sync that does not fail. */

#include "store/account/account.h"

void __wrap_gl_account_sync_failed(struct gl_account *account);

void
__wrap_gl_account_sync_failed(struct gl_account *account)
{
    (void) account;
}
