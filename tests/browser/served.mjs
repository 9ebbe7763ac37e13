// Visitors of one page, each with an address of its own:
//
//     node served.mjs http://127.0.0.1:PORT/ BLOCKED OPEN
//
// BLOCKED of them block the tracker's script, as an extension does: its request
// never leaves the browser.  OPEN do not, and stay until it has told.  All wait
// until the page is loaded with what belongs to it.

import {withBrowser} from './browser.mjs';

const [url, blocked, open] = process.argv.slice(2);

const visit = async (browser, number, blocks) => {
    const context = await browser.newContext({
        extraHTTPHeaders: {
            'X-Forwarded-For': `10.0.${blocks ? 1 : 2}.${number}`,
        },
    });
    const page = await context.newPage();
    if (blocks) await page.route('**/js/**', (route) => route.abort());
    const told = blocks
        ? null
        : page.waitForResponse((response) =>
              response.url().endsWith('/api/event'),
          );
    await page.goto(url, {waitUntil: 'load'});
    await told;
    await context.close();
};

await withBrowser(
    async ({browser}) => {
        for (let i = 1; i <= Number(blocked); i++)
            await visit(browser, i, true);
        for (let i = 1; i <= Number(open); i++) await visit(browser, i, false);
    },
    {limit_ms: 150000},
);
