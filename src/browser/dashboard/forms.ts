// The script of pages with forms. The page itself says which part of it is used: see web/pages/layout.ts.
import { startCopying } from './copying.js';
import { startFoot } from './foot.js';
import { startInstallation } from './installation.js';
import { startPasskeys } from './passkeys.js';
import { startSetup } from './setup.js';

const { page } = document.body.dataset;
startCopying();
startFoot();
if (page === 'setup') startSetup();
if (page === 'installation') startInstallation();
if (page === 'passkeys') startPasskeys();
