// Passkeys: asks the browser's authenticator to make one, or to sign in with one. The page has hidden what needs this.

/** What authenticators return. */
type Credential = PublicKeyCredential & { readonly response: AuthenticatorAttestationResponse & AuthenticatorAssertionResponse };

/** The options as JSON, whose binary values are in base64url. */
interface Options {
  readonly challenge: string;
  readonly user?: { readonly id: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

const EN = {
  unsent: 'The service did not answer. Check your connection, and try again.',
  tooOften: 'There were too many attempts. Wait a few minutes, and try again.',
  unexpected: 'This did not work. Reload the page, and try again.',
  /** By the name of the browser's error. */
  failures: {
    NotAllowedError: 'It was cancelled, or it took too long. Nothing was changed.',
    AbortError: 'It was cancelled. Nothing was changed.',
    InvalidStateError: 'This device has a passkey for your account already.',
    NotSupportedError: 'Your device cannot make a passkey.',
    ConstraintError:
      'Your device cannot make a passkey, because it does not check who uses it. Set up a screen lock or a PIN first.',
    SecurityError: 'Your browser allows no passkeys at this address.',
  },
};
const DE: typeof EN = {
  unsent: 'Der Dienst hat nicht geantwortet. Prüfen Sie Ihre Verbindung, und versuchen Sie es noch einmal.',
  tooOften: 'Das waren zu viele Versuche. Warten Sie einige Minuten, und versuchen Sie es noch einmal.',
  unexpected: 'Das hat nicht geklappt. Laden Sie die Seite neu, und versuchen Sie es noch einmal.',
  failures: {
    NotAllowedError: 'Es wurde abgebrochen, oder es hat zu lange gedauert. Nichts wurde geändert.',
    AbortError: 'Es wurde abgebrochen. Nichts wurde geändert.',
    InvalidStateError: 'Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto.',
    NotSupportedError: 'Ihr Gerät kann keinen Passkey erstellen.',
    ConstraintError:
      'Ihr Gerät kann keinen Passkey erstellen, weil es nicht prüft, wer es benutzt. Richten Sie zuerst eine Bildschirmsperre ' +
      'oder eine PIN ein.',
    SecurityError: 'Ihr Browser erlaubt unter dieser Adresse keine Passkeys.',
  },
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];
const FAILURES: Readonly<Record<string, string>> = TEXTS.failures;

export function startPasskeys(): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-passkeys]')) {
    const form = part.querySelector('form');
    if (form === null || part.dataset.origin !== location.origin || !('PublicKeyCredential' in window)) continue;
    part.hidden = false;
    for (const otherwise of document.querySelectorAll<HTMLElement>('[data-unless-passkeys]')) otherwise.hidden = true;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void send(form, part.dataset.passkeys === 'create');
    });
  }
}

async function send(form: HTMLFormElement, isNew: boolean): Promise<void> {
  const button = form.querySelector('button') as HTMLButtonElement;
  const answer = form.querySelector<HTMLInputElement>('[name=answer]') as HTMLInputElement;
  say(form, '');
  button.disabled = true;
  try {
    const options = await optionsFor(form);
    if (typeof options === 'string') return say(form, options);
    answer.value = JSON.stringify(await ask(options, isNew));
    form.submit(); // not `requestSubmit`, which would ask again
  } catch (error) {
    say(form, FAILURES[(error as Error).name] ?? TEXTS.unexpected);
  } finally {
    button.disabled = false;
  }
}

/** Returns a text that says what is wrong instead. */
async function optionsFor(form: HTMLFormElement): Promise<Options | string> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  let response: Response;
  try {
    response = await fetch(form.dataset.options as string, { method: 'POST', body });
  } catch {
    return TEXTS.unsent;
  }
  if (response.status === 429) return TEXTS.tooOften;
  const answered = (await response.json().catch(() => ({}))) as Options & { readonly problem?: string };
  if (response.ok) return answered;
  return answered.problem ?? TEXTS.unexpected;
}

async function ask(json: Options, isNew: boolean): Promise<object> {
  const { challenge, user, excludeCredentials } = json;
  const publicKey = {
    ...json,
    challenge: bytesOf(challenge),
    ...(user && { user: { ...user, id: bytesOf(user.id) } }),
    ...(excludeCredentials && { excludeCredentials: excludeCredentials.map((one) => ({ ...one, id: bytesOf(one.id) })) }),
  };
  const credential = isNew
    ? await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
  return asJson(credential as Credential);
}

/** Only what the service reads. Browsers that are a few years old have no `toJSON`. */
function asJson({ id, rawId, type, response }: Credential): object {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response;
  const read = {
    clientDataJSON: textOf(clientDataJSON),
    attestationObject: textOf(attestationObject),
    transports: response.getTransports?.(),
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
    userHandle: textOf(userHandle),
  };
  return { id, rawId: textOf(rawId), type, response: read };
}

function say(form: HTMLFormElement, text: string): void {
  const said = form.querySelector<HTMLElement>('[data-said]') as HTMLElement;
  said.hidden = text === '';
  said.textContent = text;
}

function bytesOf(base64url: string): Uint8Array {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

/** In base64url. Undefined: there is none, so JSON leaves it out. */
function textOf(bytes: ArrayBuffer | null | undefined): string | undefined {
  if (bytes === undefined || bytes === null) return undefined;
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
