import { encode } from 'uqr';
import { type Html, html, type Insertable } from './html.js';

/** Light modules around the code, without which cameras do not find it. */
const QUIET_MODULES = 4;

/** A QR code as an image. Dark on light also on dark pages, because many cameras read nothing else. */
export function qrCode(text: string, label: Insertable): Html {
  const { data, size } = encode(text, { border: QUIET_MODULES });
  const rows = data.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join(''));
  return html`<svg class="qr-code" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${rows.join('')}"/></svg>`;
}
