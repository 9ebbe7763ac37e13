// What axe-core (WCAG 2.2 AA and good practice) and html-validate say of a page.

import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {HtmlValidate} from 'html-validate';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
    'best-practice'];
const rules = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
        // how it looks in the file, not what it is
        'void-style': 'off',
        'no-trailing-whitespace': 'off',
        'long-title': 'off',
        // a list with list-style none is none for Safari without it
        'no-redundant-role': 'off',
        // one hidden field a filter
        'form-dup-name': 'off',
    },
});

export const faults = [];
// It does not know <link rel="expect" blocking="render"> yet.
const isNew = ({ruleId, message}) =>
    ruleId === 'attribute-misuse' && message.startsWith('"blocking"');
export const validate = async (url, html) => {
    const {results} = await rules.validateString(html);
    for (const {messages} of results)
        for (const {line, ruleId, message} of messages.filter((m) => !isNew(m)))
            faults.push(`${url}:${line}: ${ruleId}: ${message}`);
};
export const look = async (page, url) => {
    await page.evaluate(axe);
    const {violations, passes} = await page.evaluate(
        (tags) => window.axe.run(document, {runOnly: tags}),
        TAGS,
    );
    if (passes.length < 10) faults.push(`${url}: hardly looked at`);
    for (const {id, nodes} of violations)
        for (const {target, failureSummary} of nodes)
            faults.push(`${url}: ${id}: ${target}: ${failureSummary}`);
};
