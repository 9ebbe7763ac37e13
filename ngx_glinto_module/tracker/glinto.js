/*
 * Glinto's tracker: page views, routes of single-page sites, custom events and
 * engagement, for the event API that Plausible's tracker speaks.  No cookie,
 * nothing stored.  It must stay under 900 bytes, minified and gzipped.
 *
 *   <script defer data-domain="example.com" src="/js/glinto.js"></script>
 *
 * data-domain     site, or sites with commas between; default: the page's host
 * data-api        where events go; default: /api/event where the script is from
 * data-hash       the part after "#" is a page of its own
 * data-manual     no page views by itself
 * data-localhost  count on localhost and file: too
 *
 * glinto(name, {props, revenue, interactive, url, callback}) sends an event;
 * calls made before the script came wait in glinto.q.  Served under any other
 * name than glinto.js the function is plausible(), and ".hash.", ".manual." or
 * ".local." in the file's name does what data-hash, -manual or -localhost does.
 *
 * A page that the browser prepares before anybody asked for it is counted when
 * it is shown, and what it calls waits for that.
 *
 * Visits marked by localStorage.glinto_ignore = "true" (or plausible_ignore)
 * and browsers driven by a program are not counted.
 */

(() => {
    const {src, dataset} = document.currentScript || {};
    // type="module", or text that a program runs: no tag says for whom
    if (!src) return console.warn('glinto: no <script src>');
    // no host or query has a say
    const file = src.replace(/[?#].*|[^?#]*\//g, '');
    const flag = (key) => key in dataset || file.includes(`.${key}.`);
    const hash = flag('hash');
    const name = file == 'glinto.js' ? 'glinto' : 'plausible';

    // the page that engagement belongs to; 0 when it is not counted
    let page, props;
    // deepest pixel seen; start (ms) of being visible, 0 = hidden; ms before
    let depth, since, spent;
    // what counted as the last page view
    let last;

    // fetch as a simple request: text/plain, no preflight
    const send = (event, callback = () => {}) =>
        fetch(dataset.api || new URL('/api/event', src), {
            method: 'POST',
            keepalive: true,
            body: JSON.stringify({
                ...event,
                d: dataset.domain || location.hostname,
                h: +hash,
            }),
        }).then(callback, callback);

    const track = async (
        n,
        {
            url = location.href,
            u = url,
            props: p,
            revenue: $,
            interactive: i,
            callback,
        } = {},
    ) => {
        if (document.prerendering)
            // look has heard of it before, so that the page view comes first
            await new Promise((shown) =>
                addEventListener('prerenderingchange', shown, true),
            );
        let skip =
            navigator.webdriver ||
            window.Cypress ||
            (!flag('localhost') &&
                !flag('local') &&
                /^(localhost|127\..*|\[::1])?$/.test(location.hostname));
        try {
            skip ||=
                (localStorage.glinto_ignore || localStorage.plausible_ignore) ==
                'true';
        } catch {
            // storage is forbidden here
        }
        if (n == 'pageview') {
            leave();
            page = !skip && u;
            props = p;
            spent = 0;
            since = Date.now();
            depth = scrollY + innerHeight;
        }
        if (skip) callback?.();
        else send({n, u, p, r: document.referrer, $, i}, callback);
    };

    const leave = () => {
        spent += since && Date.now() - since;
        since = 0;
        if (page && spent) {
            send({
                n: 'engagement',
                u: page,
                p: props,
                // the server takes more than 100 for 100
                sd:
                    ((100 * depth) / document.documentElement.scrollHeight) | 0,
                e: spent,
            });
            spent = 0;
        }
    };

    const look = (event) => {
        const key = location.pathname + (hash && location.hash);
        depth = Math.max(depth, scrollY + innerHeight);
        // a prepared page becomes visible before it stops being one
        if (document.hidden || document.prerendering) leave();
        else {
            since ||= Date.now();
            if (!flag('manual') && (key != last || event.persisted)) {
                last = key;
                track('pageview');
            }
        }
    };

    ['pushState', 'replaceState'].map((key) => {
        const original = history[key];
        history[key] = (...args) => {
            original.apply(history, args);
            look(0);
        };
    });
    [
        'popstate',
        'hashchange',
        'pageshow',
        'visibilitychange',
        'prerenderingchange',
        'scroll',
    ].map((key) => addEventListener(key, look, true));
    look(0);

    window[name]?.q?.map((call) => track(...call));
    window[name] = track;
})();
