/** What the contract says of one endpoint. */
import type { z } from 'zod';

/**
 * Who may call an endpoint, each word with all that come after it: `wallboard` admits a read-only wallboard link and
 * everybody signed in; `agent` everybody signed in (agents see and do there only what is their own); `supervisor`
 * those who run the day: live, calls, recordings, agents' statuses, reports, campaigns; `admin` those who also change
 * settings, people and the box.
 */
export type Access = 'public' | 'wallboard' | 'agent' | 'supervisor' | 'admin';

/** One endpoint. `path` is relative to `apiBase`, parameters in braces. */
export interface Endpoint {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  access: Access;
  /** Open to people who have yet to set up the second factor that their role needs. */
  beforeEnrolment?: true;
  summary: string;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body is a file instead of JSON: sound (`audio/*`), CSV, or a part of a backup. */
  upload?: 'audio' | 'csv' | 'tar';
  /** JSON answer; without it 204, or the media type named by `download`. */
  response?: z.ZodType;
  /** Media type of an answer that is a file or stream. */
  download?: string;
  /** Status of success when not 200 (204 without an answer). */
  status?: 201 | 202;
}
