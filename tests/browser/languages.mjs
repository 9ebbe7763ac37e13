// Pages in each language, on a telephone: node languages.mjs
// http://127.0.0.1:PORT

import {readFileSync} from 'node:fs';
import {withBrowser} from './browser.mjs';
import {faults, look, validate} from './look.mjs';

const base = process.argv[2];
const WIDTH = 360;
const WIDTHS = [820, 1280, WIDTH]; // the last one for the next page
const VIEWS = [
    '/glinto/a.example?',
    '/glinto/a.example?period=91d&f=is,visit:country,DE&',
    '/glinto/a.example?period=28d&detail=countries&sort=name&',
    '/glinto/a.example?behaviour=funnels&places=countries&sources=channels&',
    '/glinto/a.example?behaviour=retention&devices=devices&period=day&',
    '/glinto/a.example?behaviour=served&period=day&',
    '/glinto/a.example/summary?',
    '/glinto/new.example?behaviour=goals&',
    '/glinto/none.example?',
    '/glinto/sign-in?',
    '/glinto/?',
];

// Texts of the messages of LANGUAGE.
function texts(language) {
    const file = new URL(
        `../../aggregator/language/${language}.txt`,
        import.meta.url,
    );
    const lines = readFileSync(file, 'utf8').replace(/\n +/g, ' ').split('\n');
    return lines
        .map((line) => /^[a-z]\w* = (.*)/.exec(line)?.[1])
        .filter((text) => text !== undefined);
}

// What people read or hear on the page, in pieces.
const read = () => {
    const walker = document.createTreeWalker(document.body, 4);
    const pieces = [];
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest('[lang]:not(html)'))
            pieces.push(walker.currentNode.nodeValue.trim());
    for (const name of ['aria-label', 'title', 'placeholder'])
        for (const node of document.querySelectorAll(`[${name}]`))
            pieces.push(node.getAttribute(name));
    return pieces;
};
// What is wider than the page.
const wide = (width) =>
    document.documentElement.scrollWidth <= width
        ? ''
        : [...document.querySelectorAll('body *')]
              .filter((one) => one.getBoundingClientRect().right > width)
              .filter((one) => !one.closest('.scroll, details:not([open])'))
              .map((one) => `${one.tagName}.${one.className.baseVal ?? one.className}`)
              .join(' ') || 'what is closed or scrolls';

// What stands out of its card or its cell.
const cut = () =>
    [...document.querySelectorAll('.card, .rows th, .rows td')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => `${one.id || one.tagName} ` +
            one.textContent.trim().slice(0, 30));

// Links and forms that would lead out of the language that was chosen.
const leave = () => {
    const links = [...document.querySelectorAll(
        'a[href]:not([hreflang], [download], [href^="#"])')]
        .map((link) => link.href.baseVal ?? link.href);
    const forms = [...document.querySelectorAll('form')]
        .filter(({method}) => method !== 'dialog')
        .map((form) => (form.method === 'post' ? form.action
            : `?${new URLSearchParams(new FormData(form))}`));
    return [...links, ...forms]
        .map((href) => new URL(href, location))
        .filter(({pathname}) => pathname.startsWith('/glinto/'))
        .filter(({searchParams}) => !searchParams.get('lang'))
        .map(({pathname, search}) => pathname + search);
};

const english = texts('en');
for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl']) {
    const own = new Set(texts(language));
    const foreign = new Set(english.filter((text) => !own.has(text)));
    await withBrowser(
        async ({browser}) => {
            const context = await browser.newContext({
                viewport: {width: WIDTH, height: 740},
            });
            const page = await context.newPage();
            for (const url of VIEWS) {
                const here = `${url}lang=${language}`;
                const answer = await page.goto(base + here);
                await validate(here, await answer.text());
                for (const text of await page.evaluate(read))
                    if (foreign.has(text)) faults.push(`${here}: "${text}"`);
                for (const other of await page.evaluate(leave))
                    faults.push(`${here}: ${other} is in another language`);
                const out = await page.evaluate(wide, WIDTH);
                if (out) faults.push(`${here}: too wide: ${out}`);
                for (const width of WIDTHS) {
                    await page.setViewportSize({width, height: 740});
                    for (const what of await page.evaluate(cut))
                        faults.push(`${here} at ${width}: too wide: ${what}`);
                }
                await look(page, here);
            }
        },
        {driven: true},
    );
}
if (faults.length) {
    console.log(faults.join('\n'));
    process.exit(1);
}
