/*
 * ".outbound-links.": a click on a link to another host is "Outbound Link:
 * Click", with its address as property url.
 */

{
    const tag = document.currentScript;

    const click = ({type, button, target}) => {
        const link = target.closest?.('a[href]');
        // of auxclick the middle button opens a link
        if (link?.host && link.host != location.host && (type == 'click' || button == 1))
            tag.track('Outbound Link: Click', {props: {url: link.href}});
    };

    tag.outbound = 1;
    ['click', 'auxclick'].map((type) => addEventListener(type, click, true));
}
