/*
 * ".exclusions.": views of some pages do not count.
 *
 * data-include  paths, with commas between: all others do not
 * data-exclude  paths that do not; "*" is anything but a slash, "**" anything
 */

{
    const tag = document.currentScript;
    const before = tag.look;
    const {include, exclude} = tag.dataset;

    const among = (list) =>
        list.split(',').some((path) =>
            RegExp(
                `^${path
                    .trim()
                    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
                    .replace(/\*+/g, (stars) =>
                        stars[1] ? '.*' : '[^/]*',
                    )}/?$`,
            ).test(location.pathname),
        );

    tag.look = (event) =>
        (event.name == 'pageview' &&
            ((include && !among(include)) || (exclude && among(exclude)))) ||
        before?.(event);
}
