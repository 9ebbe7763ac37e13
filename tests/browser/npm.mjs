// The npm package in a browser: node npm.mjs http://127.0.0.1:PORT
// What must be in the spool afterwards is told in npm.t.

import {withBrowser} from './browser.mjs';

const {port} = new URL(process.argv[2]);

// A page with this module in it: made.html writes it.
const open = (page, url, script, more = '') => {
    const to = new URL(url);
    to.search = encodeURIComponent(`${more}<script type="module">
        import {init, track} from '/package/glinto.js';
        window.done = track; ${script}</script>`);
    return page.goto(to.href);
};

const work = async ({page, sends}) => {
    const before = `track('Early', {props: {n: 1}}); init({
        domain: 'a.example', props: {a: 'b'}, outboundLinks: true,
        exclude: ['/made/secret*'],
        beforeSend: (e) => e.name != 'No' &&
            {...e, props: {...e.props, seen: e.name}}});`;
    await sends(2, () =>
        open(page, 'http://b.example/made/one', before,
            '<a id=out target=_blank href="http://o.example/x">out</a>'),
    );
    if (await page.evaluate(() => 'glinto' in window))
        throw Error('it is in window');
    await sends(1, () => page.click('#out', {button: 'middle'}));
    await sends(1, () =>
        page.evaluate(() => {
            done('No');
            done('Order', {revenue: {amount: '4.80', currency: 'EUR'}});
        }),
    );
    await page.evaluate(() => history.pushState(null, '', '/made/secret-2'));
    await sends(1, () =>
        page.evaluate(() => history.pushState(null, '', '/made/two')),
    );

    // no view by itself; nothing on localhost
    await open(page, 'http://b.example/made/three',
        `init({domain: 'a.example', manual: true})`);
    await sends(1, () => page.evaluate(() => done('Asked')));
    await open(page, `http://127.0.0.1:${port}/made/four`, `init()`);
    const answer = await page.evaluate(
        () => new Promise((callback) => done('Ignored', {callback})),
    );
    if (answer !== undefined) throw Error('localhost was counted');
};

await withBrowser(work, {
    flags: [`--host-resolver-rules=MAP *.example:80 127.0.0.1:${port}`],
});
