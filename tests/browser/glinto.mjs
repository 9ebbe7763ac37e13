// Our tracker in a browser: node glinto.mjs http://127.0.0.1:PORT
// What must be in the spool afterwards is told in glinto.t.

import {withBrowser} from './browser.mjs';

const base = process.argv[2];
// an ignored event calls back at once, with no answer
const ignores = async (page, who) => {
    const answer = await page.evaluate(
        () => new Promise((callback) => glinto('Ignored', {callback})),
    );
    if (answer !== undefined) throw Error(`${who}: an event was sent`);
};
const push = (page, method, url) =>
    page.evaluate(([m, u]) => history[m](null, '', u), [method, url]);

await withBrowser(async ({page, sends}) => {
    // the demo site, page by page
    await sends(1, () => page.goto(`${base}/?utm_source=letter`));
    await sends(1, () => page.click('nav >> text=Prices'));
    await sends(1, () => page.click('#basket'));
    await sends(1, () => page.click('nav >> text=About'));

    // a single-page site: a page view for every new path, and only then
    await sends(1, () => push(page, 'pushState', '/spa/one'));
    await push(page, 'replaceState', '/spa/one?q=2');
    await sends(1, () => push(page, 'replaceState', '/spa/two'));
    await sends(1, () => push(page, 'pushState', '/spa/three#part'));
    await sends(1, () => page.goBack());
    await sends(1, () =>
        page.evaluate(() =>
            dispatchEvent(
                new PageTransitionEvent('pageshow', {persisted: true}),
            ),
        ),
    );

    // every kind of event, one before the script was there
    await sends(3, () => page.goto(`${base}/pages/queue.html`));
    const status = await page.evaluate(
        () =>
            new Promise((callback) =>
                glinto('Callback', {
                    interactive: false,
                    url: 'https://other.example/own',
                    callback: (answer) => callback(answer.status),
                }),
            ),
    );
    if (status !== 202) throw Error(`the callback was told ${status}`);

    // routes in the hash, by push and by link
    await sends(1, () => page.goto(`${base}/pages/hash.html`));
    await sends(1, () => page.click('a'));
    await sends(1, () => push(page, 'pushState', '#/pushed'));

    // page views only when asked; the name and attributes of old scripts
    await page.goto(`${base}/pages/manual.html`);
    await sends(2, () =>
        page.evaluate(() => {
            plausible('pageview', {u: 'https://a.example/manual'});
            plausible('Legacy', {props: {a: 1}});
        }),
    );

    // nothing on localhost unless asked, nothing from those who opted out
    await page.goto(`${base}/pages/quiet.html`);
    await ignores(page, 'localhost');
    for (const key of ['glinto_ignore', 'plausible_ignore']) {
        await page.evaluate((k) => localStorage.setItem(k, 'true'), key);
        await page.goto(`${base}/about.html`);
        await ignores(page, key);
        await page.evaluate((k) => localStorage.removeItem(k), key);
    }
    await sends(1, () => page.goto(`${base}/pricing.html?last`));
});

await withBrowser(
    async ({page}) => {
        await page.goto(`${base}/about.html`);
        await ignores(page, 'a driven browser');
    },
    {driven: true},
);
