/* Which of many texts a pattern finds, without a look at all of them. */

'use strict';

/* Of four letters each; few share a number. */
const RUNS = 1 << 20;

/* The text a pattern stands for, or null when it is more than plain text. */
function literal(pattern) {
    const text = pattern.replace(/\\([/.\-+()[\]!:])/g, '\0$1');
    if (/\\|(?<!\0)[.*+?^$()[\]{}|]/.test(text)) {
        return null;
    }
    return text.replace(/\0/g, '');
}

/* Tells a number of each run of four letters in TEXT. */
function runs(text, told) {
    for (let i = 0, n = 0; i < text.length; i++) {
        n = (n << 5 ^ text.charCodeAt(i)) & (RUNS - 1);
        if (i >= 3) {
            told(n);
        }
    }
}

/* Finds the first of TEXTS that a pattern is in.  Most patterns are plain, and
 * of a run of letters that is in no text: these are not looked for. */
function finder(texts) {
    const held = new Uint8Array(RUNS);
    texts.forEach((text) => runs(text, (n) => {
        held[n] = 1;
    }));
    return (pattern) => {
        let may = true;
        runs(literal(pattern) ?? '', (n) => {
            may &&= held[n] === 1;
        });
        const regex = new RegExp(pattern);
        return may ? texts.find((text) => regex.test(text)) : undefined;
    };
}

module.exports = { literal, finder };
