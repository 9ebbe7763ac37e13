/*
 * Plausible's script of a site, /js/pa-ID.js: what plausible.init() is told
 * takes the place of words in the name and of attributes of the tag.  Called
 * before the script came, its options are in plausible.o; called later, the
 * script is loaded once more, and finds them there.
 */

{
    const tag = document.currentScript;
    const {o} = window.plausible || {};

    // transformRequest() knows an event by what it is called on the wire
    const look = (event) => {
        let {customProperties: props, transformRequest: change} = o;
        if (props?.call) props = props(event.name);
        if (props) event.props = {...props, ...event.props};
        if (!change) return;
        const told = change({
            n: event.name,
            u: event.url,
            r: event.referrer,
            p: event.props,
            $: event.revenue,
            i: event.interactive,
        });
        if (!told) return true;
        event.name = told.n;
        event.url = told.u;
        event.referrer = told.r;
        event.props = told.p;
        event.revenue = told.$;
        event.interactive = told.i;
    };

    const set = (key, value = '') => (tag.dataset[key] = value);

    if (o) {
        if (o.endpoint) set('api', o.endpoint);
        if (o.hashBasedRouting) set('hash');
        if (o.captureOnLocalhost) set('localhost');
        if (o.autoCapturePageviews === false) set('manual');
        if (o.fileDownloads?.fileExtensions)
            tag.setAttribute('file-types', o.fileDownloads.fileExtensions);
        tag.only = o;
        tag.look = look;
    } else {
        const {src} = tag;
        const wait = (...call) => (wait.q ||= []).push(call);
        const later = (window.plausible ||= wait);
        later.init = (options = {}) => {
            later.o = options;
            const again = document.createElement('script');
            again.src = src;
            Object.assign(again.dataset, tag.dataset);
            document.head.append(again);
        };
        // this time it does nothing
        tag.removeAttribute('src');
        tag.wait = true;
    }
}
