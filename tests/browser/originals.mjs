// Scripts of other products in Chromium: node originals.mjs
// http://127.0.0.1:PORT.  What must be in the spool is told in originals.t.

import {withBrowser} from './browser.mjs';

const {port} = new URL(process.argv[2]);
const LIMIT_MS = 15000;
const PRODUCTS = ['goatcounter', 'umami', 'matomo'];

const doors = /\/(?:count|api\/send|matomo\.php)(?:\?|$)/;

const work = async ({page}) => {
    for (const product of PRODUCTS) {
        const answered = page.waitForResponse(
            (reply) => doors.test(reply.url()),
            {timeout: LIMIT_MS},
        );
        await page.goto(`http://${product}.example/walk/${product}`);
        const reply = await answered;
        if (!reply.ok()) throw Error(`${product}: ${reply.status()}`);
    }
};

await withBrowser(work, {
    flags: [`--host-resolver-rules=MAP *.example:80 127.0.0.1:${port}`],
});
