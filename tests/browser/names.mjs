// How our tracker's address and tag are read: node names.mjs http://127.0.0.1:PORT
// What must be in the spool afterwards is told in names.t.

import {withBrowser} from './browser.mjs';

const {port} = new URL(process.argv[2]);
const WARNING = /^glinto: /;

// A page with this text: made.html writes it.
const open = (page, url, body) => {
    const to = new URL(url);
    to.search = encodeURIComponent(body);
    return page.goto(to.href);
};
const tag = (src) => `<script data-domain="a.example" src="${src}"></script>`;

const work = async ({page, sends}) => {
    const warnings = [];
    page.on('console', (line) => {
        if (WARNING.test(line.text())) warnings.push(line.type());
    });

    // these words are in the host and the query: they switch nothing
    for (const [url, src] of [
        ['http://www.manual.example/made/1', '/js/script.js'],
        ['http://www.manual.example/made/2', '/js/plausible.js'],
        ['http://www.hash.example/made/3#/a', '/js/script.js'],
        ['http://b.example/made/4', '/js/script.js?v=1.manual.2'],
        ['http://b.example/made/5#/a', '/js/script.js?x=/script.hash.js'],
        ['http://b.example/made/6', '/js/script.js#.manual.'],
        ['http://b.example/made/7', 'http://www.manual.example/js/script.js'],
    ])
        await sends(1, () => open(page, url, tag(src)));

    // these are the file's
    await sends(1, () =>
        open(page, 'http://b.example/made/8#/a', tag('/js/script.hash.js?v=/')),
    );
    await open(page, 'http://b.example/made/9', tag('/js/script.manual.js?v=/'));
    await sends(1, () => page.evaluate(() => plausible('Asked')));
    await sends(1, () =>
        open(page, `http://127.0.0.1:${port}/made/10`, tag('/js/script.local.js')),
    );
    for (const [src, name] of [
        ['/js/glinto.js?v=/x', 'glinto'],
        ['/js/script.js?v=/glinto.js', 'plausible'],
    ]) {
        await sends(1, () => open(page, 'http://b.example/made/n', tag(src)));
        if (!(await page.evaluate((n) => n in window, name)))
            throw Error(`${src} is no ${name}()`);
    }

    // without a tag there is a warning, and no error
    if (warnings.length > 0) throw Error('warned without a reason');
    const text = "fetch('/js/glinto.js').then((r) => r.text()).then";
    for (const body of [
        '<script type="module" src="/js/glinto.js"></script>',
        `<script>${text}(eval)</script>`,
        `<script>${text}((t) => Function(t)())</script>`,
    ]) {
        const before = warnings.length;
        const warned = page.waitForEvent('console', {
            predicate: (line) => WARNING.test(line.text()),
        });
        await open(page, 'http://b.example/made/none', body);
        await warned;
        if (warnings.length !== before + 1 || warnings.at(-1) !== 'warning')
            throw Error(`${body}: ${warnings}`);
    }
};

await withBrowser(work, {
    flags: [`--host-resolver-rules=MAP *.example:80 127.0.0.1:${port}`],
});
