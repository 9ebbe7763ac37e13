// Routes of a single-page site in a browser, with our tracker:
//
//   node routes.mjs URL N PAUSE_MS...
//
// The demo site at URL, then N pushState navigations with these pauses between
// them, again and again; none waits for a reply.  Each sends the engagement of
// the page that is left and the next page view in one millisecond.  A pause of
// 0 puts two page views into one millisecond; of these the second one's path
// sorts first, so that it is never the order of paths that helps.

import {withBrowser} from './browser.mjs';

const [base, n, ...pauses] = process.argv.slice(2);

// In the page: its timers do not know pauses under 4 ms.
const walk = async ({n, pauses}) => {
    for (let i = 0; i < n; i++) {
        const until = performance.now() + pauses[i % pauses.length];
        history.pushState(null, '', `/r/${1000 - i}`);
        while (performance.now() < until - 8)
            await new Promise((done) => setTimeout(done, 4));
        while (performance.now() < until);
    }
};

await withBrowser(
    async ({page, sends}) => {
        await sends(1, () => page.goto(base));
        await sends(+n, () =>
            page.evaluate(walk, {n: +n, pauses: pauses.map(Number)}),
        );
    },
    {flags: ['--ignore-certificate-errors']},
);
