/* ".hash." in the name: as data-hash in the tag. */

document.currentScript.dataset.hash = '';
