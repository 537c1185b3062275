export interface Job { readonly name: string; readonly id: string; readonly data: Readonly<Record<string, string | number>> }
export type Work = (job: Job, isStopped: () => boolean) => Promise<void>;
export interface FailedJob { readonly name: string; readonly id: string; readonly reason: string; readonly atMs: number; readonly attempts: number }
export interface Jobs {
  add(job: Job): Promise<void>;
  every(everyMs: number, job: Job): Promise<void>;
  work(handlers: Readonly<Record<string, Work>>): void;
  state(): Promise<{ reachable: boolean; waiting: number; failed: readonly FailedJob[] }>;
  close(): Promise<void>;
}
