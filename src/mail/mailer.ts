/** A mail to one person. */
export interface Mail {
  /** As `checkPerson` returns it, so that it is one address and nothing else. */
  readonly to: string;
  /** A text of ours, without anything that people have typed: it is logged when the mail cannot be sent. */
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

export interface Mailer {
  /**
   * Returns whether the mail server has accepted the mail. Takes at most half a minute, and never rejects: a failure is
   * logged in one line. It is not tried again.
   */
  send(mail: Mail): Promise<boolean>;
  /** Waits for the mails that are being sent. After `timeoutMs` they are given up. */
  close(timeoutMs: number): Promise<void>;
}
