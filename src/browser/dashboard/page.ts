// The script of the pages: which part of it works is said by the page.
import { startSetup } from './setup.js';
import { startSite } from './site.js';

const { page } = document.body.dataset;
if (page === 'setup') startSetup();
if (page === 'site') startSite();
