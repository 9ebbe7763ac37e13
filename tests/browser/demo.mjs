// The buttons of the demo's pages: node demo.mjs http://127.0.0.1:PORT
// What is in the spool afterwards is told in demo.t.

import {withBrowser} from './browser.mjs';

const base = process.argv[2];
const SENT = /An event "\w+" was sent\.$/;
const NOT_SENT = /^The event could not be sent\.$/;
const API = '**/api/event';

const work = async ({page}) => {
    // A click on the page's button; what it says in the end.
    const says = async (path, want) => {
        const said = page.locator('#said');
        await page.locator('main button').click();
        await page.waitForFunction(
            () => !/^$|moment/.test(document.getElementById('said').value),
        );
        const text = await said.textContent();
        if (!want.test(text)) throw Error(`${path} says "${text}"`);
    };
    for (const path of ['/', '/about.html', '/pricing.html']) {
        await page.goto(base + path);
        await says(path, SENT);
        for (const answer of [
            (route) => route.fulfill({status: 503}),
            (route) => route.abort(),
        ]) {
            await page.route(API, answer);
            await page.reload();
            await says(path, NOT_SENT);
            await page.unroute(API);
        }
        await page.evaluate(() => (localStorage.glinto_ignore = 'true'));
        await page.reload();
        await says(path, NOT_SENT);
        await page.evaluate(() => localStorage.clear());
    }
};

await withBrowser(work);
