/*
 * ".outbound-links.": a click on a link to another host is "Outbound Link:
 * Click", with its address as property url; a tagged one is what its tag says.
 */

{
    const tag = document.currentScript;

    const click = ({type, button, target}) => {
        const link = target.closest?.('a[href]');
        // of auxclick the middle button opens a link
        if (
            link?.host &&
            link.host != location.host &&
            (type == 'click' || button == 1) &&
            !tag.tagged?.(target) &&
            outbound()
        )
            tag.track('Outbound Link: Click', {props: {url: link.href}});
    };

    // where there is no init.js, the name alone says so
    const outbound = (tag.outbound = () => !tag.only || tag.only.outboundLinks);
    ['click', 'auxclick'].map((type) => addEventListener(type, click, true));
}
