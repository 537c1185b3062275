// The exit codes of the service and of the command line.

/** A command failed, or the service is not ready (healthcheck). */
export const EXIT_FAILED = 1;
/** The arguments of a command are wrong. */
export const EXIT_COMMAND_USAGE = 2;
/** The exit code that shells report for a program that Ctrl-C ended. */
export const EXIT_STOPPED = 130;

// Exit codes of the service, as in sysexits.h, which supervisors know.
export const EXIT_USAGE = 64;
export const EXIT_UNAVAILABLE = 69;
export const EXIT_SOFTWARE = 70;
export const EXIT_CANNOT_CREATE = 73;
export const EXIT_CONFIG = 78;
