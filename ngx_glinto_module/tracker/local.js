/* ".local." in the name: as data-localhost in the tag. */

document.currentScript.dataset.localhost = '';
