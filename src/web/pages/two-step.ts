// The pages of two-step sign-in: setting it up, its recovery codes, and the code at the sign-in.
import { inFours } from '../../people/one-time-codes.js';
import type { FieldProblem, Person } from '../../people/person.js';
import { copyable, field } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { confirmationField, usernameField } from './person-fields.js';
import { qrCode } from './qr-code.js';

const CODE_INPUT = html`required inputmode="numeric" autocomplete="one-time-code" maxlength="20" spellcheck="false"`;

export interface TwoStepSetup {
  readonly base: string;
  readonly nav: Html;
  readonly person: Person;
  /** In base32. */
  readonly secret: string;
  /** The address by which apps take over the secret. */
  readonly uri: string;
  readonly problems?: readonly FieldProblem[];
}

export function twoStepPage({ base, nav, person, secret, uri, problems = [] }: TwoStepSetup): Html {
  const isOn = person.twoStep !== undefined; // with another secret
  return page({
    base,
    title: { en: 'Two-step sign-in – Hitherto', de: 'Anmeldung in zwei Schritten – Hitherto' },
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'Set up two-step sign-in', de: 'Anmeldung in zwei Schritten einrichten' }}</h1>
<p>${{
      en: 'You need an app that shows one-time codes: an authenticator on your phone, or a password manager.',
      de: 'Sie brauchen eine App, die Einmalcodes anzeigt: einen Authenticator auf dem Handy oder einen Passwortmanager.',
    }}
${
  isOn && {
    en: 'The codes and recovery codes that you have now work until you finish the set-up here.',
    de: 'Ihre bisherigen Codes und Wiederherstellungscodes gelten, bis Sie hier fertig sind.',
  }
}</p>
<section class="card">
  <h2>${{ en: '1. Add this service to your app', de: '1. Fügen Sie diesen Dienst Ihrer App hinzu' }}</h2>
  <p>${{ en: 'Scan the code with the app:', de: 'Scannen Sie den Code mit der App:' }}</p>
  ${qrCode(uri, { en: 'QR code for the app', de: 'QR-Code für die App' })}
  <p>${{
    en: html`Or <a href="${uri}">open it in the app on this device</a>, or type this key:`,
    de: html`Oder <a href="${uri}">öffnen Sie ihn in der App auf diesem Gerät</a>, oder tippen Sie diesen Schlüssel ab:`,
  }}</p>
  <p><code class="key-text">${inFours(secret)}</code></p>
</section>
<form class="card form" method="post" action="${base}/account/two-step">
  <h2>${{ en: '2. Enter a code', de: '2. Geben Sie einen Code ein' }}</h2>
  <input type="hidden" name="secret" value="${secret}">
  ${usernameField(person.email)}
  ${field(
    {
      name: 'code',
      label: { en: 'Code that the app shows', de: 'Code, den die App anzeigt' },
      hint: { en: 'Six digits.', de: 'Sechs Ziffern.' },
      attributes: CODE_INPUT,
    },
    problems,
  )}
  ${confirmationField('current', person, problems)}
  <p class="hint">${{ en: 'All your other sessions end.', de: 'Alle Ihre anderen Sitzungen enden.' }}</p>
  <button class="main-button">${{ en: 'Switch on', de: 'Einschalten' }}</button>
  <a href="${base}/account">${{ en: 'Cancel', de: 'Abbrechen' }}</a>
</form>
</main>`,
  });
}

export function recoveryCodesPage(base: string, nav: Html, codes: readonly string[]): Html {
  return page({
    base,
    title: { en: 'Recovery codes – Hitherto', de: 'Wiederherstellungscodes – Hitherto' },
    script: 'copying',
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'Two-step sign-in is on', de: 'Die Anmeldung in zwei Schritten ist eingeschaltet' }}</h1>
<section class="card notice" role="status">
  <h2>${{ en: 'Your recovery codes', de: 'Ihre Wiederherstellungscodes' }}</h2>
  <p>${{
    en:
      'If you lose your phone, each of these codes lets you sign in once, together with your password. They are ' +
      'shown only now. Print them, or keep them in a safe place.',
    de:
      'Wenn Sie Ihr Handy verlieren, können Sie sich mit jedem dieser Codes einmal anmelden, zusammen mit Ihrem ' +
      'Passwort. Sie werden nur jetzt angezeigt. Drucken Sie sie aus, oder bewahren Sie sie an einem sicheren Ort ' +
      'auf.',
  }}</p>
  ${copyable(codes.join('\n'), { en: 'Recovery codes', de: 'Wiederherstellungscodes' }, codes.length)}
</section>
<p><a class="main-button" href="${base}/account">${{ en: 'I have kept them', de: 'Ich habe sie aufbewahrt' }}</a></p>
</main>`,
  });
}

/** The second page of the sign-in. */
export function codePage(base: string, problems: readonly FieldProblem[] = []): Html {
  return page({
    base,
    title: { en: 'Enter your code – Hitherto', de: 'Code eingeben – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'Enter your code', de: 'Geben Sie Ihren Code ein' }}</h1>
<form class="card form" method="post" action="${base}/sign-in/code">
  ${field(
    {
      name: 'code',
      label: { en: 'Code that your app shows', de: 'Code, den Ihre App anzeigt' },
      hint: { en: 'Six digits.', de: 'Sechs Ziffern.' },
      attributes: html`${CODE_INPUT} autofocus`,
    },
    problems,
  )}
  <button class="main-button">${{ en: 'Sign in', de: 'Anmelden' }}</button>
  <a href="${base}/">${{ en: 'Cancel', de: 'Abbrechen' }}</a>
</form>
<details class="card"${problems.some((one) => one.field === 'recovery') && html` open`}><summary>${{
      en: html`No access to the app?`,
      de: html`Kein Zugriff auf die App?`,
    }}</summary>
<form class="form" method="post" action="${base}/sign-in/code">
  ${field(
    {
      name: 'recovery',
      label: { en: 'Recovery code', de: 'Wiederherstellungscode' },
      hint: {
        en: 'You received ten of them when you set up two-step sign-in. Each works once.',
        de: 'Sie haben zehn davon bekommen, als Sie die Anmeldung in zwei Schritten eingerichtet haben. Jeder gilt einmal.',
      },
      attributes: html`required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false"`,
    },
    problems,
  )}
  <button class="main-button">${{ en: 'Sign in with the recovery code', de: 'Mit dem Wiederherstellungscode anmelden' }}</button>
</form>
<p>${{
      en: 'Without recovery codes, ask the person who runs this service to switch off two-step sign-in for you.',
      de:
        'Ohne Wiederherstellungscodes bitten Sie die Person, die diesen Dienst betreibt, die Anmeldung in zwei ' +
        'Schritten für Sie auszuschalten.',
    }}</p>
</details>
</main>`,
  });
}
