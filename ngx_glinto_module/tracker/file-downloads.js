/*
 * ".file-downloads.": a click on a link to a file is "File Download", with its
 * address as property url; a tagged one is what its tag says.
 *
 * file-types      ends of names, with commas between, instead of those below
 * add-file-types  more of them
 */

{
    const tag = document.currentScript;
    const list = (name) => (tag.getAttribute(name) || '').split(/[ ,]+/);
    const types = tag.getAttribute('file-types')
        ? list('file-types')
        : (
              'pdf xlsx docx txt rtf csv exe key pps ppt pptx 7z pkg rar gz ' +
              'zip avi mov mp4 mpeg wmv midi mp3 wav wma dmg'
          )
              .split(' ')
              .concat(list('add-file-types'));

    const click = ({type, button, target}) => {
        const link = target.closest?.('a[href]');
        const end = link?.pathname?.split('.').pop();
        if (
            end &&
            types.includes(end) &&
            (type == 'click' || button == 1) &&
            !tag.tagged?.(target) &&
            // that is told as a link to elsewhere
            !(tag.outbound?.() && link.host != location.host) &&
            (!tag.only || tag.only.fileDownloads)
        )
            tag.track('File Download', {props: {url: link.href}});
    };

    ['click', 'auxclick'].map((type) => addEventListener(type, click, true));
}
