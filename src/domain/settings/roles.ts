/**
 * Who may do what, in four steps, each with all that the one before has: a wallboard reads the figures that hang on
 * a wall; an `agent` does their own work; a `supervisor` runs the day (live, calls, recordings, agents' statuses,
 * reports, campaigns); an `admin` also changes settings, people and the box.
 */
import { z } from 'zod';

/** Roles of people, the least first. */
export const roles = ['agent', 'supervisor', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Whether a role has all that `least` has. */
export function roleReaches(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}
