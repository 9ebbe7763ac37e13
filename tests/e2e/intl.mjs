// intl.mjs PROGRAM N: N random values of each kind and language, as PROGRAM and
// Intl write them: those that differ, and how many.
import {execFileSync} from 'node:child_process';

const [program, n] = process.argv.slice(2);
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl'];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY', 'CHF', 'PLN', 'KWD'];
const COUNTRIES = ['DE', 'US', 'GB', 'FR', 'AT', 'HK', 'CZ', 'XK', 'CI', 'ZA',
    'MK', 'TR', 'SZ', 'CD', 'BA'];
const TONGUES = ['de', 'en', 'pt', 'zh', 'fil', 'nb', 'sr', 'he', 'yue'];
const DAY_MS = 86400000;
let seed = 7;

function below(most) { // the same each time
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % most;
}
const pick = (list) => list[below(list.length)];
const size = () => below(10 ** (1 + below(9))) * (below(2) ? 1 : 1000);
const dated = (language) => (language === 'en' ? 'en-GB' : language);
const day = (language, date, how) =>
    new Intl.DateTimeFormat(dated(language), {timeZone: 'UTC', ...how})
        .format(new Date(date * DAY_MS));
const FORMS = [
    {day: 'numeric', month: 'short'},
    {day: 'numeric', month: 'short', year: 'numeric'},
    {day: 'numeric', month: 'short', year: 'numeric', weekday: 'short'},
    {month: 'short'},
    {month: 'short', year: 'numeric'},
    {month: 'long', year: 'numeric'},
];

// Each makes [n, m, code, what Intl says].
const kinds = {
    number(language) {
        const digits = below(3);
        const number = (size() - 1000) / 8;
        return [number, digits, '-', new Intl.NumberFormat(language,
            {minimumFractionDigits: digits, maximumFractionDigits: digits})
            .format(number).replace(/^-(?=[0.,]*$)/, '')];
    },
    percent(language) {
        const digits = below(2);
        const number = below(1001) / 8;
        return [number, digits, '-', new Intl.NumberFormat(language,
            {style: 'percent', minimumFractionDigits: digits,
                maximumFractionDigits: digits}).format(number / 100)];
    },
    money(language) {
        const thousandths = size() * 10 * (below(5) ? 1 : -1) || 0;
        const currency = pick(CURRENCIES);
        return [thousandths, 0, currency, new Intl.NumberFormat(language,
            {style: 'currency', currency}).format(thousandths / 1000)];
    },
    short(language) {
        const thousandths = size() * 1000;
        const currency = pick(CURRENCIES);
        return [thousandths, 0, currency, new Intl.NumberFormat(language,
            {style: 'currency', currency, notation: 'compact'})
            .format(thousandths / 1000)];
    },
    plural(language) {
        const number = pick([0, 1, 2, size(), size() * 1000000]);
        return [number, 0, '-', new Intl.PluralRules(language).select(number)];
    },
    country(language) {
        const code = pick(COUNTRIES);
        return [0, 0, code,
            new Intl.DisplayNames(language, {type: 'region'}).of(code)];
    },
    tongue(language) {
        const region = below(2) ? `-${pick(COUNTRIES)}` : '';
        const tag = `${pick(TONGUES)}${region}`;
        const name = new Intl.DisplayNames(language,
            {type: 'language', languageDisplay: 'standard'}).of(tag);
        return [0, 0, tag,
            name.charAt(0).toLocaleUpperCase(language) + name.slice(1)];
    },
    span(language) {
        const first = below(30000);
        const last = first + below(10 ** below(4) + 1) + 1;
        return [first, last, '-', new Intl.DateTimeFormat(dated(language),
            {timeZone: 'UTC', ...FORMS[1]}).formatRange(
            new Date(first * DAY_MS), new Date(last * DAY_MS))];
    },
    time(language) {
        const minutes = below(1440);
        return [0, minutes, '-', day(language, (minutes + 0.5) / 1440,
            {timeStyle: 'short', hourCycle: 'h23'})];
    },
    moment(language) { // two digits are two digits in all
        const date = below(30000);
        const minutes = 600 + below(840);
        return [date, minutes, '-', day(language,
            date + (minutes + 0.5) / 1440, {...FORMS[1], hour: '2-digit',
                minute: '2-digit', hourCycle: 'h23'})];
    },
};
FORMS.forEach((form, i) => {
    kinds[i] = (language) => {
        const date = below(30000);
        return [date, 0, '-', day(language, date, form)];
    };
});

const asked = [];
for (const language of LANGUAGES)
    for (const [kind, make] of Object.entries(kinds))
        for (let i = 0; i < n; i += 1)
            asked.push([language, kind, ...make(language)]);
const input = asked.map((one) => one.slice(0, 5).join(' ')).join('\n');
const told = execFileSync(program, {input: `${input}\n`, maxBuffer: 1 << 26})
    .toString().trimEnd().split('\n');
const differ = asked.filter((one, i) => one[5] !== told[i]);
asked.forEach((one, i) => {
    if (one[5] !== told[i] && differ.indexOf(one) < 40)
        console.log(`${one.slice(0, 5)}: "${told[i]}", Intl "${one[5]}"`);
});
console.log(`${asked.length} values, ${differ.length} differ`);
