export interface ImportCommandOptions {
  site: string;
  from?: string;
  format?: string;
  fromDay?: string;
  until?: string;
  dryRun?: true;
  quiet?: true;
  json?: true;
}
