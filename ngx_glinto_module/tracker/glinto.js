/*
 * Glinto's tracker: page views, routes of single-page sites, custom events and
 * engagement, for the event API that Plausible's tracker speaks.  No cookie,
 * nothing stored.  It must stay under 800 bytes, minified and gzipped.
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
 * whether it does not count; track() is glinto().  The npm package (make npm)
 * is these files, with a tag that is in no page.
 *
 * A page that the browser prepares before anybody asked for it is counted when
 * it is shown, and what it calls waits for that.
 *
 * Visits marked by localStorage.glinto_ignore = "true" (or plausible_ignore)
 * and browsers driven by a program are not counted.
 */

{
    const tag = document.currentScript || {};
    const {src, dataset, global = 'glinto'} = tag;

    // the page view that engagement belongs to; false when it is not counted
    let view;
    // deepest pixel seen; start (ms) of being visible, 0 = hidden
    let depth, since;
    // where the last page view was
    let last;

    // fetch as a simple request: text/plain, no preflight
    const send = (event) =>
        fetch(dataset.api || new URL('/api/event', src), {
            method: 'POST',
            keepalive: true,
            body: JSON.stringify({
                ...event,
                d: dataset.domain || location.hostname,
                h: +('hash' in dataset),
            }),
        });

    const track = async (name, options) => {
        const event = {
            name,
            url: location.href,
            referrer: document.referrer,
            ...options,
        };
        // any function that does nothing
        const {callback = Date} = event;
        // A prepared page has no frames.  look() was first, so that the page
        // view is before what the page calls.
        while (document.prerendering) await new Promise(requestAnimationFrame);
        let skip = navigator.webdriver || window.Cypress;
        try {
            skip ||=
                (localStorage.glinto_ignore || localStorage.plausible_ignore) ==
                'true';
        } catch {
            // storage is forbidden here
        }
        // extensions add to it, or say that it does not count
        skip ||=
            (!('localhost' in dataset) &&
                /^(localhost$|127\.|\[::1]|$)/.test(location.hostname)) ||
            tag.look?.(event);
        if (name == 'pageview') {
            leave();
            view = !skip && event;
            depth = 0;
            look();
        }
        if (skip) callback();
        else send(event).then(callback, callback);
    };

    const leave = () => {
        const e = since && Date.now() - since;
        since = 0;
        if (e && view)
            send({
                name: 'engagement',
                url: view.url,
                props: view.props,
                // the server takes more than 100 for 100
                sd:
                    ((100 * depth) / document.documentElement.scrollHeight) | 0,
                e,
            });
    };

    const look = (event) => {
        depth = Math.max(depth, scrollY + innerHeight);
        if (document.hidden && !document.prerendering) leave();
        else {
            since ||= Date.now();
            // what it was, and what it is from now on
            const moved =
                last !=
                (last = location.pathname + ('hash' in dataset && location.hash));
            if ((moved || event?.persisted) && !('manual' in dataset))
                track('pageview');
        }
    };

    if (src) {
        ['pushState', 'replaceState'].map((key) => {
            const original = history[key];
            history[key] = (...args) => look(original.apply(history, args));
        });
        ['popstate', 'pageshow', 'visibilitychange', 'scroll'].map((key) =>
            addEventListener(key, look),
        );
        look();

        window[global]?.q?.map((call) => track(...call));
        window[global] = tag.track = track;
    }
    // type="module", or text that a program runs: no tag says for whom
    else tag.wait || console.warn('glinto: no src');
}
