// Prints links to the service: invitations, share links and links for passwords.
import { publicUrlOf } from '../process/config.js';

/** Throws if PUBLIC_URL is not an address. Only the link is on stdout, for scripts. */
export function linkPrinter(): (path: string) => void {
  const publicUrl = publicUrlOf(process.env);
  return (path) => {
    process.stdout.write(`${publicUrl ?? ''}${path}\n`);
    if (publicUrl !== undefined) return;
    process.stderr.write(
      'hitherto: PUBLIC_URL is not set, so this is only the path: put it behind the address of the service, as in ' +
        'https://stats.example.com/…\n',
    );
  };
}
