/*
 * ".pageview-props.": attributes of the tag are properties of all its events:
 *
 *   <script event-author="Eve" event-logged_in="yes" ...>
 */

{
    const tag = document.currentScript;
    const before = tag.look;
    const props = {};

    for (const {name, value} of tag.attributes)
        if (/^event-/.test(name)) props[name.slice(6)] = value;

    tag.look = (event) => {
        event.props = {...props, ...event.props};
        return before?.(event);
    };
}
