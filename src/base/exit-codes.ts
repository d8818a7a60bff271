/**
 * Exit status of a process whose reason to end will not go away by starting it again: a port in use, a wrong
 * setting. (EX_CONFIG of sysexits.h.)
 */
export const hopelessExitCode = 78;
