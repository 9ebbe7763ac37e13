/*
 * A page that is not there just now: asks for it now and then, never all
 * readers at once, and loads it when it is there.  Without this file there is
 * a link.
 */
'use strict';

(() => {
  const WAIT_MS = 4000;

  const again = () => setTimeout(look, WAIT_MS * (0.75 + Math.random() / 2));

  async function look() {
    const answer = await fetch(location.href, {method: 'HEAD', cache: 'no-store'}).catch(() => null);
    if (answer === null || answer.status === 503) again();
    else location.reload();
  }

  again();
})();
