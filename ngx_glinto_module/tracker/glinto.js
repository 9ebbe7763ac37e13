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
 * calls made before the script came wait in glinto.q.
 *
 * Words in the file's name bring the file of that word in this folder, before
 * this one (ngx_http_glinto_script.c).  They set what the tag has not, or use
 * what it has: look(event), asked of every event, may change it, and says
 * whether it does not count; track() is glinto().
 *
 * A page that the browser prepares before anybody asked for it is counted when
 * it is shown, and what it calls waits for that.
 *
 * Visits marked by localStorage.glinto_ignore = "true" (or plausible_ignore)
 * and browsers driven by a program are not counted.
 */

(() => {
    const tag = document.currentScript || {};
    const {src, dataset, name = 'glinto', wait} = tag;
    if (wait) return;
    // type="module", or text that a program runs: no tag says for whom
    if (!src) return console.warn('glinto: no <script src>');
    const hash = 'hash' in dataset;

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
            (!('localhost' in dataset) &&
                /^(localhost|127\..*|\[::1])?$/.test(location.hostname));
        try {
            skip ||=
                (localStorage.glinto_ignore || localStorage.plausible_ignore) ==
                'true';
        } catch {
            // storage is forbidden here
        }
        // extensions add to it, or say that it does not count
        const event = {n, u, p, r: document.referrer, $, i};
        skip ||= tag.look?.(event);
        if (n == 'pageview') {
            leave();
            page = !skip && u;
            props = event.p;
            spent = 0;
            since = Date.now();
            depth = scrollY + innerHeight;
        }
        if (skip) callback?.();
        else send(event, callback);
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
            if (!('manual' in dataset) && (key != last || event.persisted)) {
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
    window[name] = tag.track = track;
})();
