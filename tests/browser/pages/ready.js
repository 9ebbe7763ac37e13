// Tells the server that a page is there, all scripts done; see prerender.t.
addEventListener('load', () => fetch(`/ready?${location.pathname}`));
