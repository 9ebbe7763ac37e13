/*
 * Glinto's tracker as a module: the files of a <script>, with a tag that is in
 * no page.  conf/npm puts them before this as parts[WORD](tag).
 *
 * On a server, where there is no page, it does nothing.
 */

let tag;
// calls made before init()
const waiting = [];

const words = (options) => ({
    exclusions: options.include || options.exclude,
    'pageview-props': options.props,
    'tagged-events': options.taggedEvents,
    'outbound-links': options.outboundLinks,
    'file-downloads': options.fileDownloads,
    'form-submissions': options.formSubmissions,
    'not-found': options.notFound,
    'before-send': options.beforeSend,
});

const attributes = ({fileDownloads, props = {}}) => [
    ...(Array.isArray(fileDownloads)
        ? [{name: 'file-types', value: fileDownloads.join()}]
        : []),
    ...Object.entries(props).map(([key, value]) => ({
        name: `event-${key}`,
        value: `${value}`,
    })),
];

const dataset = (options) => {
    const data = {};
    const put = (key, value) => {
        if (value) data[key] = value === true ? '' : `${value}`;
    };
    put('domain', options.domain);
    put('api', options.endpoint);
    put('hash', options.hash);
    put('manual', options.manual);
    put('localhost', options.localhost);
    put('include', options.include);
    put('exclude', options.exclude);
    return data;
};

export const init = (options = {}) => {
    if (tag || typeof document === 'undefined') return;
    const list = attributes(options);
    tag = {
        src: location.origin,
        dataset: dataset(options),
        attributes: list,
        getAttribute: (wanted) =>
            list.find(({name}) => name === wanted)?.value ?? null,
        // what nobody else has: nothing is put into window
        global: options.global || Symbol('glinto'),
        change: options.beforeSend,
    };
    for (const [word, wanted] of Object.entries(words(options)))
        if (wanted) parts[word](tag);
    parts.glinto(tag);
    for (const call of waiting.splice(0)) tag.track(...call);
};

export const track = (name, options) => {
    if (tag) tag.track(name, options);
    else if (typeof document !== 'undefined') waiting.push([name, options]);
};
