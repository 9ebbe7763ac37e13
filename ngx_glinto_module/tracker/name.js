/* Under any other name than glinto's the function is plausible(). */

Object.assign(document.currentScript || {}, {name: 'plausible'});
