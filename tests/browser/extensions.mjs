// Extensions of the tracker's name: node extensions.mjs http://127.0.0.1:PORT
// What must be in the spool afterwards is told in extensions.t.

import {withBrowser} from './browser.mjs';

const {port} = new URL(process.argv[2]);

// A page with this text: made.html writes it.  Nothing in it leads elsewhere.
const open = (page, path, body) => {
    const to = new URL(path, 'http://b.example/made/');
    to.search = encodeURIComponent(
        `${body}<script>['click', 'auxclick', 'submit'].map((type) =>
            addEventListener(type, (event) =>
                event.target.form || event.preventDefault()))</script>`,
    );
    return page.goto(to.href);
};
const tag = (name, more = '') =>
    `<script data-domain="a.example" src="/js/${name}.js" ${more}></script>`;

const work = async ({page, sends}) => {
    // clicks on links: outbound, and files
    await sends(1, () =>
        open(
            page,
            'links',
            `<a id=out href="http://o.example/x">out <b>bold</b></a>
             <a id=own href="/made/own">own</a>
             <a id=file href="/made/a.pdf?x=1">file</a>
             <a id=both href="http://o.example/b.zip">both</a>
             ${tag('script.outbound-links.file-downloads')}`,
        ),
    );
    await sends(1, () => page.click('#out b'));
    await page.click('#own');
    await sends(1, () => page.click('#file'));
    await sends(1, () => page.click('#both', {button: 'middle'}));

    // files alone, of a kind of the page's own
    await sends(1, () =>
        open(
            page,
            'files',
            `<a id=file href="/made/a.pdf">file</a>
             <a id=more href="http://o.example/b.mine">more</a>
             ${tag('plausible.file-downloads', 'file-types="mine"')}`,
        ),
    );
    await page.click('#file');
    await sends(1, () => page.click('#more'));

    // what is tagged, by class and by attribute, in it, and forms
    await sends(1, () =>
        open(
            page,
            'tagged',
            `<div class="plausible-event-name=Sign+up plausible-event-plan--pro">
               <button><i>in it</i></button></div>
             <a id=by href="/made/next" data-event="By data" data-event-n="2">x</a>
             <form data-event="Sent"><input id=field><button id=send>x</button>
             </form><p>nothing</p>
             <a id=paid href="http://o.example/pay" class="plausible-event-name=Pay
                plausible-revenue-amount=4.80 plausible-revenue-currency=EUR">x</a>
             <form data-event="Order" data-revenue-amount="3"
                data-revenue-currency="CHF"><button id=order>x</button></form>
             ${tag('script.tagged-events.outbound-links.form-submissions')}`,
        ),
    );
    await sends(1, () => page.click('i'));
    await sends(1, () => page.click('#by'));
    await page.click('p');
    await page.click('#field');
    await sends(1, () => page.click('#send'));
    await sends(1, () => page.click('#paid'));
    await sends(1, () => page.click('#order'));

    // forms
    await sends(1, () =>
        open(
            page,
            'forms',
            `<form><input required id=field><button>x</button></form>
             ${tag('script.form-submissions')}`,
        ),
    );
    await page.click('button');
    await page.fill('#field', 'x');
    await sends(1, () => page.click('button'));

    // properties of the tag, with all events
    await sends(1, () =>
        open(
            page,
            'props',
            tag('script.pageview-props', 'event-author="Eve" event-n="1"'),
        ),
    );
    await sends(1, () =>
        page.evaluate(() => plausible('Own', {props: {n: 2}})),
    );

    // pages that do not count, and one that does
    const rules = 'data-exclude="/made/secret*, /made/deep/**"';
    const script = tag('script.exclusions.pageview-props', `${rules} event-x=y`);
    await open(page, 'secret-one', script);
    await open(page, 'deep/er/still', script);
    await sends(1, () => open(page, 'secret/not', script));
    const only = tag('script.exclusions', 'data-include="/made/only/*"');
    await open(page, 'other', only);
    await sends(1, () => open(page, 'only/this', only));
    await sends(1, () => page.evaluate(() => plausible('Still')));

    // the script of a site, told before it came and after
    const init = (more) => `plausible.init({captureOnLocalhost: false,
        outboundLinks: true, customProperties: {c: 'd'}, ${more}})`;
    const stub = `<script>window.plausible = window.plausible || function () {
            (plausible.q = plausible.q || []).push(arguments) };
        plausible.init = plausible.init || function (i) { plausible.o = i || {} }
        </script>`;
    const links = `<a id=out href="http://o.example/x">out</a>
        <a id=file href="/made/a.pdf">file</a>`;
    await sends(2, () =>
        open(
            page,
            'site/before',
            `${links}${stub}<script>${init('')};plausible('Early')</script>
             ${tag('pa-x', 'async')}`,
        ),
    );
    await page.click('#file');
    await sends(1, () => page.click('#out'));
    await open(page, 'site/after', `${links}${tag('pa-x')}`);
    await page.evaluate(() => plausible('Early'));
    const drop = `transformRequest: (e) => e.n != 'No' && {...e, u: '/made/t'}`;
    await sends(2, () => page.evaluate(`${init(drop)}`));
    await page.evaluate(() => plausible('No'));
    await sends(1, () => page.evaluate(() => plausible('Yes')));

    // a page that is not there, and one that is
    await sends(2, () =>
        open(page, 'missing/gone', tag('glinto.not-found')),
    );
    await sends(1, () => open(page, 'there', tag('glinto.not-found')));

    // a function of the page sees events first; without one nothing is sent
    const clean = `<script>
        const clean = window.clean = (e) => e.name != 'No' && {...e,
            url: e.url.replace('secret', 'x'), props: {seen: e.name, ...e.props}}
        </script>`;
    const before = (more) =>
        tag('glinto.before-send.pageview-props', `event-a="b" ${more}`);
    await sends(1, () =>
        open(page, 'secret/1', clean + before('data-before-send="clean"')),
    );
    await page.evaluate(() => glinto('No'));
    await sends(1, () => page.evaluate(() => glinto('Yes', {url: 'http://b.example/made/secret'})));
    const named = `${clean}${tag('script.before-send', 'data-before-send="clean"')}`;
    await sends(1, () => open(page, 'secret/2', named));
    await sends(1, () => page.evaluate(() =>
        plausible('Old', {u: 'http://b.example/made/secret/u'})));
    const errors = page.listeners('pageerror');
    page.removeAllListeners('pageerror');
    const missing = page.waitForEvent('pageerror');
    await open(page, 'nothing', before('data-before-send="claen"'));
    if (!/not a function/.test(`${await missing}`)) throw Error('it is silent');
    for (const listener of errors) page.on('pageerror', listener);

    // all at once, under our own name: the function is called so
    await sends(1, () =>
        open(page, 'own', tag('glinto.tagged-events.outbound-links')),
    );
    await sends(1, () => page.evaluate(() => glinto('Named')));
};

await withBrowser(work, {
    flags: [`--host-resolver-rules=MAP *.example:80 127.0.0.1:${port}`],
});
