/*
 * Plausible's script of a site, /js/pa-ID.js: what plausible.init() is told
 * takes the place of words in the name and of attributes of the tag.  Called
 * before the script came, its options are in plausible.o; called later, the
 * script is loaded once more, and finds them there.
 */

{
    const tag = document.currentScript;
    const {o} = window.plausible || {};

    const look = (event) => {
        let props = o.customProperties;
        if (props?.call) props = props(event.n);
        if (props) event.p = {...props, ...event.p};
        const told = o.transformRequest ? o.transformRequest(event) : event;
        return !told || !Object.assign(event, told);
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
        const wait = (...call) => (wait.q ||= []).push(call);
        const later = (window.plausible ||= wait);
        later.init = (options = {}) => {
            later.o = options;
            const again = document.createElement('script');
            again.src = tag.src;
            Object.assign(again.dataset, tag.dataset);
            document.head.append(again);
        };
        tag.wait = 1;
    }
}
