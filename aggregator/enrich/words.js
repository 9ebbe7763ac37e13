/*
 * What make-data makes of a regular expression, so that no text can make it
 * slow: the words to look for first, and a form that does not go back far.
 */

'use strict';

const { RegExpParser } = require('@eslint-community/regexpp');

/* Shorter words are in every text. */
const WORD_BYTES_MIN = 3;
/* And shorter than these in many: they are for rules without others. */
const RARE_BYTES_MIN = 5;
const RARE_HEAD_BYTES_MIN = 4;
/* Lists do not grow beyond it by what follows their words. */
const WORDS_MAX = 160;
const CLASS_MAX = 4;
/* PCRE2's \s. */
const SPACES = [...' \t\n\v\f\r'];
/* PCRE2: what comes before is not tried again. */
const COMMIT = '(*COMMIT)';

/*
 * What a node means: `texts`, all that it can match, or null when these are
 * too many; then lists of words it needs, and `head`, words of which one is
 * the beginning of all that it matches ([''] when that can be anything).
 */
const anything = (needs = [], head = ['']) => ({ texts: null, needs, head });
const exactly = (texts) => ({ texts, needs: [], head: texts });
const nothing = exactly(['']);

const shortest = (list) => Math.min(...list.map((text) => text.length));
const longest = (lists) => lists.reduce((a, b) =>
    (shortest(b) > shortest(a) ? b : a), ['']);

/* Without the words that hold another one. */
const fewer = (list) => list.filter((word) =>
    !list.some((other) => other !== word && word.includes(other)));
/* Without those that begin with another one, so that all places stay. */
const few = (list) => list.filter((word) =>
    !list.some((other) => other !== word && word.startsWith(other)));

function charClass(node) {
    if (node.negate || node.elements.length > CLASS_MAX ||
        node.elements.some((e) => e.type !== 'Character')) {
        return anything();
    }
    return exactly(node.elements.map((e) => String.fromCodePoint(e.value)));
}

function anyOf(nodes) {
    if (nodes.length === 1) {
        return nodes[0];
    }
    const texts = nodes.flatMap((n) => n.texts ?? []);
    if (nodes.every((n) => n.texts) && texts.length <= WORDS_MAX) {
        return exactly([...new Set(texts)]);
    }
    return anything([nodes.flatMap((n) => n.texts ?? longest(n.needs))],
        nodes.flatMap((n) => n.head));
}

/* Pieces that stand beside each other are one list of longer words. */
function sequence(nodes) {
    const needs = [];
    let run = [''];
    let head = null;
    for (const node of nodes) {
        if (node.texts === null) {
            head ??= shortest(run) > 0 ? run : node.head;
            needs.push(run, ...node.needs);
            run = [''];
        } else if (run.length * node.texts.length > WORDS_MAX) {
            head ??= run;
            needs.push(run);
            run = node.texts;
        } else {
            run = run.flatMap((a) => node.texts.map((b) => a + b));
        }
    }
    return needs.length === 0 ? exactly(run) :
        anything([...needs, run], head);
}

function repeated(node) {
    const inner = meaning(node.element);
    if (node.min === 1 && node.max === 1) {
        return inner;
    }
    if (node.min === 0) {
        return node.max === 1 && inner.texts
            ? anyOf([nothing, inner]) : anything();
    }
    return anything(inner.texts ? [inner.texts] : inner.needs, inner.head);
}

function meaning(node) {
    switch (node.type) {
    case 'Character':
        return exactly([String.fromCodePoint(node.value)]);
    case 'CharacterClass':
        return charClass(node);
    case 'CharacterSet':
        return node.kind === 'space' && !node.negate ? exactly(SPACES) :
            anything();
    case 'Quantifier':
        return repeated(node);
    case 'Assertion':
        return nothing;
    case 'Alternative':
        return sequence(node.elements.map(meaning));
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup':
        return anyOf(node.alternatives.map(meaning));
    default:
        return anything();
    }
}

/* Only characters, which may be one of several or missing. */
const isPlain = (node) => ({
    Character: () => true,
    CharacterClass: () => charClass(node).texts !== null,
    Quantifier: () => repeated(node).texts !== null && isPlain(node.element),
    Alternative: () => node.elements.every(isPlain),
})[node.type]?.() ?? node.alternatives?.every(isPlain) ?? false;

/*
 * What a text must hold, if REGEX is to find anything in it:
 *
 *   { needs: [[word, ...], ...], leads, plain }
 *
 * at least one word of each list.  leads: what is found begins with a word of
 * the first.  plain: that is all, so that there is nothing left to match.
 */
function words(regex) {
    const pattern = new RegExpParser()
        .parsePattern(regex.replaceAll(COMMIT, ''));
    const { texts, needs, head } = meaning(pattern);
    const lists = needs.filter((l) => shortest(l) >= RARE_BYTES_MIN);
    const leads = shortest(head) >=
        (lists.length > 0 ? RARE_HEAD_BYTES_MIN : WORD_BYTES_MIN);
    if (leads) {
        lists.unshift(head);
    } else if (lists.length === 0) {
        /* "U3" is better than nothing. */
        lists.push(longest([head, ...needs]));
    }
    return { leads,
        needs: lists.map((l) => (l === head ? few(l) : fewer(l))),
        plain: texts !== null && isPlain(pattern) };
}

const optional = (node) =>
    node.alternatives?.some((a) => a.elements.length === 0);

/* A word that something is part of is found where that is. */
const REST_OF_WORD = /^\\b\\w\{0,\d+\}|\\w\{0,\d+\}\\b$/g;

/* (A|B)C for one who need not know which it was: AC and BC. */
function apart(regex) {
    const { elements } = new RegExpParser().parsePattern(regex)
        .alternatives[0];
    while (optional(elements[elements.length - 1])) {
        elements.pop();
    }
    const at = elements.findIndex((e) => e.type === 'CapturingGroup');
    if (at === -1) {
        return [regex];
    }
    const raw = (nodes) => nodes.map((n) => n.raw).join('');
    return elements[at].alternatives.map((a) =>
        raw(elements.slice(0, at)) + a.raw.replace(REST_OF_WORD, '') +
            raw(elements.slice(at + 1)));
}

/* .{0,30}: some text between two others; from FAR on of any length. */
const GAP_BYTES_MIN = 30;
const FAR = 100;
const isGap = (node) => node.type === 'Quantifier' &&
    node.element.type === 'CharacterSet' && node.element.kind === 'any' &&
    node.max >= GAP_BYTES_MIN;

const groups = (text) => new RegExp(`${text}|`).exec('').length - 1;

/* Words alone, with none of the USED groups from number FIRST on. */
function isPast(elements, first, used) {
    const raw = elements.map((n) => n.raw).join('');
    return elements.every(isPlain) &&
        shortest(sequence(elements.map(meaning)).texts) >= WORD_BYTES_MIN &&
        !used.some((n) => n >= first && n < first + groups(raw));
}

const hasWord = (parts) => parts.some((part) => {
    const { texts, needs } = sequence(part.map(meaning));
    return shortest(longest(texts ? [texts] : needs)) >= WORD_BYTES_MIN;
});

/* ^(.{0,200}), and the group is not one of USED. */
function anyStart([first, second], used) {
    const inner = second?.type === 'CapturingGroup' ?
        second.alternatives[0].elements : [];
    return first.type === 'Assertion' && first.kind === 'start' &&
        inner.length === 1 && isGap(inner[0]) && !used.includes(1);
}

/*
 * REGEX without its first parts, as long as these are words before a gap:
 *
 *   { after: [[word, ...], ...], regex, gone }
 *
 * What regex finds must come after a word of each list of `after`, in that
 * order; as many groups are gone.  USED are the numbers of those that matter.
 * Long gaps have any length, and those that stay are as short as they can be,
 * but the last: so where a part is found first is as good as any place, and
 * none is tried again for what follows.
 */
function straight(regex, used) {
    const { alternatives } = new RegExpParser().parsePattern(regex);
    if (alternatives.length > 1) {
        return { after: [], regex, gone: 0 };
    }
    const parts = [[]];
    const gaps = [];
    const { elements } = alternatives[0];
    let gone = anyStart(elements, used) ? 1 : 0;
    for (const node of elements.slice(2 * gone)) {
        if (isGap(node)) {
            parts.push([]);
            gaps.push(node.max < FAR ? `{0,${node.max}}` : '*');
        } else {
            parts[parts.length - 1].push(node);
        }
    }
    const after = [];
    while (gaps[0] === '*' && isPast(parts[0], gone + 1, used) &&
        hasWord(parts.slice(1))) {
        const past = parts.shift();
        gaps.shift();
        after.push(few(sequence(past.map(meaning)).texts));
        gone += groups(past.map((n) => n.raw).join(''));
    }
    const raws = parts.map((part) => part.map((n) => n.raw).join(''));
    return { after, gone, regex: raws.reduce((before, raw, n) =>
        `${before}${COMMIT}.${gaps[n - 1]}${n < gaps.length ? '?' : ''}` +
        raw) };
}

module.exports = { words, straight, apart };
