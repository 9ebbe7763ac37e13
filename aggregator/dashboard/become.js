/*
 * One piece of a page becomes another by what differs: texts and attributes are
 * written into what is there, and the browser lays out and paints these alone.
 * It keeps the focus, what is scrolled, and what the pointer is at.  Nodes come
 * from a document that the browser has made: no text of ours becomes markup.
 */
'use strict';

const become = (() => {
  function attributes(node, wanted) {
    const names = wanted.getAttributeNames();
    for (const name of names) {
      const value = wanted.getAttribute(name);
      if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    }
    const had = node.getAttributeNames();
    if (had.length === names.length) return;
    for (const name of had) {
      if (!wanted.hasAttribute(name)) node.removeAttribute(name);
    }
  }

  function children(node, wanted) {
    let child = node.firstChild;
    let other = wanted.firstChild;
    while (child && other) {
      const next = child.nextSibling;
      const then = other.nextSibling;
      if (!child.isEqualNode(other)) one(child, other);
      child = next;
      other = then;
    }
    while (other) {
      const then = other.nextSibling;
      node.append(other);
      other = then;
    }
    while (child) {
      const next = child.nextSibling;
      child.remove();
      child = next;
    }
  }

  // What has another name is another thing.
  const isAnother = (node, wanted) => node.nodeName !== wanted.nodeName || node.id !== wanted.id;

  function one(node, wanted) {
    if (isAnother(node, wanted)) {
      node.replaceWith(wanted);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      attributes(node, wanted);
      children(node, wanted);
    } else if (node.data !== wanted.data) {
      node.data = wanted.data;
    }
  }

  return one; // (NODE, WANTED): WANTED may lose what it has
})();
