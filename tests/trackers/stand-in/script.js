// In place of Umami's script: one view, as it sends it, once the page is read,
// whether somebody sees it or not.
{
    const {websiteId, hostUrl} = document.currentScript.dataset;
    const view = () =>
        fetch(`${hostUrl}/api/send`, {
            method: 'POST',
            keepalive: true,
            headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({
                type: 'event',
                payload: {
                    website: websiteId,
                    hostname: location.hostname,
                    language: navigator.language,
                    screen: `${screen.width}x${screen.height}`,
                    title: document.title,
                    url: location.href,
                    referrer: document.referrer,
                },
            }),
        }).then((reply) => reply.json());
    if (document.readyState === 'complete') view();
    else document.addEventListener('readystatechange', view, {once: true});
}
