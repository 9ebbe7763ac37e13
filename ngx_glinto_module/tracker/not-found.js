/*
 * ".not-found.": a page that the server answered with 404 or 410 is the event
 * "404", too.  Where the browser does not tell how a page was answered, the page
 * calls glinto('404').
 */

{
    const tag = document.currentScript;
    const [page] = performance.getEntriesByType('navigation');

    // after all of this script, so that the page view is before it
    if (/^4(04|10)$/.test(page?.responseStatus))
        queueMicrotask(() => tag.track('404'));
}
