// The npm package plausible-tracker, as it is: node older.mjs http://127.0.0.1:PORT
// What must be in the spool afterwards is told in older.t.

import {withBrowser} from './browser.mjs';

const base = process.argv[2];

await withBrowser(async ({page, sends}) => {
    await sends(1, () => page.goto(`${base}/older/1?utm_source=news`));
    await sends(1, () =>
        page.evaluate(() => history.pushState(null, '', '/older/2')),
    );
    await sends(1, () => page.goBack());
    await page.evaluate(
        () =>
            new Promise((callback) =>
                tracker.trackEvent('Signup', {
                    props: {plan: 'Basic', seats: 3},
                    callback,
                }),
            ),
    );
    await sends(1, () =>
        page.evaluate(() => tracker.trackPageview({url: 'https://o.example/x'})),
    );

    await sends(1, () => page.goto(`${base}/older/hash#/one`));
    // it hears of it twice, as popstate and as hashchange, and tells it twice
    await sends(2, () => page.evaluate(() => (location.hash = '#/two')));
});
