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
             ${tag('script.tagged-events')}`,
        ),
    );
    await sends(1, () => page.click('i'));
    await sends(1, () => page.click('#by'));
    await page.click('p');
    await page.click('#field');
    await sends(1, () => page.click('#send'));

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

    // all at once, under our own name: the function is called so
    await sends(1, () =>
        open(page, 'own', tag('glinto.tagged-events.outbound-links')),
    );
    await sends(1, () => page.evaluate(() => glinto('Named')));
};

await withBrowser(work, {
    flags: [`--host-resolver-rules=MAP *.example:80 127.0.0.1:${port}`],
});
