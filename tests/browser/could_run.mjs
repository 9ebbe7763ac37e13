// What of a text could run in a page, for the tests that send hostile ones.
//
// watch(PAGE, FAULT)   FAULT(URL, WHAT) when a dialog opens, or the page's
//                      policy complains; returns PAGE
// inspect(TEXT)        in the page: {bad, n}: what could run, and how often TEXT
//                      stands there as text
// control(BROWSER, URL)    a payload that is markup does run where it is let
//                      in: the test can see it

export const watch = (page, fault) => {
    page.on('dialog', (dialog) => {
        fault(page.url(), 'it ran');
        return dialog.dismiss();
    });
    page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text()))
            fault(page.url(), message.text());
    });
    return page;
};

export const inspect = (text) => {
    const bad = [];
    const own = (src) => new URL(src, location).pathname.startsWith('/glinto/');
    for (const element of document.querySelectorAll('*')) {
        const name = element.localName;
        if (/^(iframe|object|embed|base|template|math|animate|audio|video)$/.test(name))
            bad.push(`<${name}>`);
        if (name === 'script' && !(element.src && own(element.src)))
            bad.push('a script of its own');
        for (const {name: key, value} of element.attributes) {
            if (/^on/i.test(key)) bad.push(`<${name} ${key}>`);
            if (
                /^(href|src|action|formaction|xlink:href)$/i.test(key) &&
                /^\s*(javascript|data|vbscript):/i.test(value)
            )
                bad.push(`<${name} ${key}="${value}">`);
        }
    }
    return {bad, n: document.body.textContent.split(text).length - 1};
};

export const control = async (browser, url) => {
    const context = await browser.newContext({bypassCSP: true});
    const page = await context.newPage();
    await page.goto(url);
    const [dialog] = await Promise.all([
        page.waitForEvent('dialog'),
        page.evaluate(() => {
            document.body.innerHTML = '<img src=x onerror=alert(1)>';
        }),
    ]);
    await dialog.dismiss();
    await context.close();
};
