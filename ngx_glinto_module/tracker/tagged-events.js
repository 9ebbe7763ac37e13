/*
 * ".tagged-events.": a click on what is tagged, or in it, is an event; of a
 * form it is its being sent.
 *
 *   <a class="plausible-event-name=Sign+up plausible-event-plan=pro">
 *   <button data-event="Sign up" data-event-plan="pro">
 *   <form data-event="Order" data-revenue-amount="4.80"
 *         data-revenue-currency="EUR">
 *
 * "+" is a blank in a class, and "--" may stand for "=".  A link has its address
 * as property url, too.  Revenue in a class: plausible-revenue-amount=4.80.
 */

{
    const tag = document.currentScript;

    // [name, options] of what is tagged
    const event = (element) => {
        const props = element.href ? {url: element.href} : {};
        const revenue = {};
        let name;
        const put = (kind, key, value) => {
            if (kind == 'revenue') revenue[key] = value;
            else if (key) props[key] = value;
            else name = value;
        };
        for (const word of element.classList) {
            const [, kind, key, value] =
                word.match(/^plausible-(event|revenue)-(.+?)(?:=|--)(.*)/) || [];
            if (kind)
                put(kind, key == 'name' ? '' : key, value.replace(/\+/g, ' '));
        }
        for (const {name: attribute, value} of element.attributes) {
            const [, kind, key] =
                attribute.match(/^data-(event|revenue)(?:-(.+)|$)/) || [];
            if (kind) put(kind, key, value);
        }
        return (
            name && [
                name,
                {props, revenue: revenue.amount ? revenue : undefined},
            ]
        );
    };

    // of an element that was clicked, or a form that is sent
    tag.tagged = (target, type) => {
        for (let at = target; at?.classList; at = at.parentElement) {
            const found =
                (at.tagName == 'FORM') == (type == 'submit') && event(at);
            if (found) return found;
        }
    };

    const act = ({type, button, target}) => {
        const found =
            (type != 'auxclick' || button == 1) && tag.tagged(target, type);
        if (found) tag.track(...found);
    };

    ['click', 'auxclick', 'submit'].map((type) =>
        addEventListener(type, act, true),
    );
}
