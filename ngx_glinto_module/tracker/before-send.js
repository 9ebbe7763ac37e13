/*
 * ".before-send.": a function of the page sees each event before it is sent.
 *
 * data-before-send  its name.  It is given {name, url, referrer, props, revenue,
 *                   interactive}; what it returns is sent, and nothing when it
 *                   returns nothing
 *
 * No event is sent when there is no such function: what it was to take out
 * would be in it.
 */

{
    const tag = document.currentScript;
    const before = tag.look;
    // the npm package has it as an option
    const change = tag.change || ((event) => window[tag.dataset.beforeSend](event));

    tag.look = (event) => {
        const skip = before?.(event);
        const told = !skip && change({...event});
        if (told)
            for (const key in {...event, ...told}) event[key] = told[key];
        return !told;
    };
}
