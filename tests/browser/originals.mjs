// Scripts of other products in Chromium: node originals.mjs
// http://127.0.0.1:PORT.  What must be in the spool is told in originals.t.
// With GLINTO_SCRIPTS they are the originals, and what else they can is called,
// one call after the other was answered.

import {withBrowser} from './browser.mjs';

const {port} = new URL(process.argv[2]);
const ORIGINAL = process.env.GLINTO_SCRIPTS !== undefined;
const LIMIT_MS = 15000;

const doors = /\/(?:count|api\/send|matomo\.php)(?:\?|$)/;

// What a page calls: of each a request.
const CALLS = {
    goatcounter: [
        () => document.querySelector('#click').click(),
        () => goatcounter.count({path: 'signup', title: 'Up', event: true}),
        () => goatcounter.count({path: '/virtual/', title: 'V'}),
    ],
    umami: [
        () => umami.track('buy', {revenue: 5, currency: 'USD', list: [1]}),
        () => umami.track((page) => ({...page, url: '/other', title: 'O'})),
        () => umami.identify('eve', {plan: 'pro'}),
        () => document.querySelector('#click').click(),
        () => history.pushState({}, '', '/route?x=1'),
    ],
    matomo: [
        () => _paq.push(['trackEvent', 'Videos', 'Play', 'Intro', 3]),
        () => _paq.push(['trackSiteSearch', 'shoes', 'all', 0]),
        () => _paq.push(['trackGoal', 3, 9.5]),
        () => {
            _paq.push(['addEcommerceItem', 'SKU', 'Shoe', 'cat', 100, 1]);
            _paq.push(['trackEcommerceCartUpdate', 100]);
        },
        () => _paq.push(['trackEcommerceOrder', 'A-17', 120, 100, 20]),
        () => _paq.push(['ping']),
        () => _paq.push(['trackContentImpression', 'Ad', 'a.jpg', '/to']),
        () => _paq.push(['trackLink', 'https://o.example/', 'link']),
        () => _paq.push(['trackLink', '/a.pdf', 'download']),
        () => {
            _paq.push(['setCustomDimension', 1, 'gold']);
            _paq.push(['trackPageView', 'Again', {dimension2: 'x'}]);
        },
        () => {
            _paq.push(['queueRequest', 'e_c=Queue&e_a=1']);
            _paq.push(['queueRequest', 'e_c=Queue&e_a=2']);
        },
        () => {
            _paq.push(['disableAlwaysUseSendBeacon']);
            _paq.push(['setRequestMethod', 'POST']);
            _paq.push(['trackEvent', 'By', 'form']);
        },
        () => {
            _paq.push(['setRequestMethod', 'GET']);
            _paq.push(['trackEvent', 'By', 'image']);
        },
    ],
};

const work = async ({page}) => {
    const answered = async (what, action) => {
        const reply = page.waitForResponse((it) => doors.test(it.url()), {
            timeout: LIMIT_MS,
        });
        await action();
        const status = (await reply).status();
        if (status !== 200 && status !== 204) throw Error(`${what}: ${status}`);
    };
    for (const [product, calls] of Object.entries(CALLS)) {
        const address = `http://${product}.example/walk/${product}`;
        await answered(product, () => page.goto(`${address}?mtm_campaign=may`));
        for (const call of ORIGINAL ? calls : [])
            await answered(`${product} ${call}`, () => page.evaluate(call));
    }
};

await withBrowser(work, {
    flags: [`--host-resolver-rules=MAP *.example:80 127.0.0.1:${port}`],
});
