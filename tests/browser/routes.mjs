// Routes of a single-page site in a browser, with our tracker:
//
//   node routes.mjs URL N
//
// The demo site at URL, then N pushState navigations, each when the page view
// before was answered: so each sends the engagement of the page that is left
// and the next page view in one millisecond.

import {withBrowser} from './browser.mjs';

const [base, n] = process.argv.slice(2);

await withBrowser(
    async ({page, sends}) => {
        await sends(1, () => page.goto(base));
        for (let i = 1; i <= n; i++)
            await sends(1, () =>
                page.evaluate((to) => history.pushState(null, '', to), `/r/${i}`),
            );
    },
    {flags: ['--ignore-certificate-errors']},
);
