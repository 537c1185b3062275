import { jobsContract } from './contract.js';
import { openLocalJobs } from './local.js';

jobsContract(async () => {
  const jobs = openLocalJobs({ firstRetryMs: 2 });
  return { jobs, other: jobs };
});
