/* ".manual." in the name: as data-manual in the tag. */

document.currentScript.dataset.manual = '';
