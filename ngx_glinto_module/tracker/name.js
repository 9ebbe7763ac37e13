/*
 * Under any other name than glinto's the function is plausible(), and "u" of an
 * event is its address, too.
 */

{
    const tag = document.currentScript || {};
    const before = tag.look;

    tag.global = 'plausible';
    tag.look = (event) => {
        event.url = event.u || event.url;
        event.u = undefined;
        return before?.(event);
    };
}
