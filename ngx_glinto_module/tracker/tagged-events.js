/*
 * ".tagged-events.": a click on what is tagged, or in it, is an event; of a
 * form it is its being sent.
 *
 *   <a class="plausible-event-name=Sign+up plausible-event-plan=pro">
 *   <button data-event="Sign up" data-event-plan="pro">
 *
 * "+" is a blank in a class, and "--" may stand for "=".  A link has its address
 * as property url, too.
 */

{
    const tag = document.currentScript;

    const tagged = (element) => {
        const props = element.href ? {url: element.href} : {};
        let name;
        const put = (key, value) => {
            if (key == 'name') name = value;
            else props[key] = value;
        };
        for (const word of element.classList) {
            const [, key, value] =
                word.match(/^plausible-event-(.+?)(?:=|--)(.*)/) || [];
            if (key) put(key, value.replace(/\+/g, ' '));
        }
        for (const {name: key, value} of element.attributes) {
            if (key == 'data-event') name = value;
            else if (/^data-event-/.test(key)) put(key.slice(11), value);
        }
        return name && [name, {props}];
    };

    const act = ({type, button, target}) => {
        if (type == 'auxclick' && button != 1) return;
        for (let at = target; at?.classList; at = at.parentElement) {
            const event =
                (at.tagName == 'FORM') == (type == 'submit') && tagged(at);
            if (event) return tag.track(...event);
        }
    };

    ['click', 'auxclick', 'submit'].map((type) =>
        addEventListener(type, act, true),
    );
}
