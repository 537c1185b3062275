import { jobsContract } from '../contracts/jobs.js';
import { openLocalJobs } from './jobs.js';

jobsContract(async () => {
  const jobs = openLocalJobs({ firstRetryMs: 2 });
  return { jobs, other: jobs };
});
