// Runs before the page is painted. The part of the address after the # is not sent to the server, which has rendered today:
// where the address asks for something else, those numbers are not shown.
if (location.hash.length > 1) document.documentElement.classList.add('other-view');
