// The tracker of the npm package @plausible-analytics/tracker, as it is, in a
// browser: node plausible.mjs http://127.0.0.1:PORT
// What must be in the spool afterwards is told in plausible.t.

import {withBrowser} from './browser.mjs';

const base = process.argv[2];
const PAGES = 10;

// To the end of the page; the tracker, which listens at the document, has heard
// of it before the window does.
const scrolled = () =>
    new Promise((done) => {
        addEventListener('scroll', done, {once: true});
        scrollTo(0, document.body.scrollHeight);
    });

await withBrowser(async ({page, sends}) => {
    for (let n = 1; n <= PAGES; n++) {
        await sends(1, () => page.goto(`${base}/walk/${n}?ref=test`));
        await page.evaluate(scrolled);
    }

    await sends(1, () =>
        page.evaluate(() =>
            plausible('Signup', {
                props: {plan: 'Basic', seats: 3},
                revenue: {amount: 12.5, currency: 'EUR'},
                interactive: false,
            }),
        ),
    );
    const status = await page.evaluate(
        () =>
            new Promise((callback) =>
                plausible('404', {callback: (a) => callback(a.status)}),
            ),
    );
    if (status !== 202) throw Error(`the callback was told ${status}`);
    await sends(1, () => page.click('button'));
    await sends(1, () =>
        page.evaluate(() => history.pushState(null, '', '/walk/pushed')),
    );

    await sends(1, () => page.goto(`${base}/hash/#/one`));
    await sends(1, () => page.evaluate(() => (location.hash = '#/two')));
});
