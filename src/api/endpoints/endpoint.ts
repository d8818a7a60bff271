/** What the contract says of one endpoint. */
import type { z } from 'zod';

/** Who may call an endpoint. `agent` means any signed-in user; what concerns agents is then limited to their own. */
export type Access = 'public' | 'agent' | 'admin';

/** One endpoint. `path` is relative to `apiBase`, parameters in braces. */
export interface Endpoint {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  access: Access;
  summary: string;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body is a sound file (`audio/*`) instead of JSON. */
  upload?: 'audio';
  /** JSON answer; without it 204, or the media type named by `download`. */
  response?: z.ZodType;
  /** Media type of an answer that is a file or stream. */
  download?: string;
  /** Status of success when not 200 (204 without an answer). */
  status?: 201 | 202;
}
