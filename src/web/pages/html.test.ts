import { describe, expect, it } from '@jest/globals';
import { html } from './html.js';

describe('the template tag', () => {
  it('escapes values in text and attributes', () => {
    const evil = `"><script>alert('1')</script>&`;
    expect(html`<p title="${evil}">${evil}</p>`.in('en')).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it('does not escape its own results, and joins lists', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>`.in('en')).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>');
  });

  it('escapes strings within lists', () => {
    expect(html`${['<', ['>']]}`.in('en')).toBe('&lt;&gt;');
  });

  it('inserts nothing for false and undefined, and zero for 0', () => {
    expect(html`[${false}${undefined}${0}]`.in('en')).toBe('[0]');
  });

  it('treats an object that only looks like its own as text', () => {
    expect(html`${{ text: '<b>' } as never}`.in('en')).toBe('[object Object]');
  });
});
