// Imported first by a service whose clock must run faster. CLOCK is "<start> <factor> <real start>".
const [startMs, factor, beganMs] = process.env.CLOCK.split(' ').map(Number);
const RealDate = Date;
const now = () => Math.floor(startMs + (RealDate.now() - beganMs) * factor);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }

  static now() {
    return now();
  }
};
