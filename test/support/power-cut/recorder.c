/*
 * Preloaded into a process, keeps a record of all it does to files under POWER_CUT_ROOT, in the order it happened, and
 * of what it writes to standard output. From that, power-cut.ts makes the disk as a power cut would have left it at any
 * moment. Each record goes to POWER_CUT_TRACE:
 *
 *     kind (1 byte)  time (8, ns, CLOCK_MONOTONIC)  a (8)  b (8)  length (4)  bytes        all little-endian
 *
 *     O  opened     a: descriptor  b: flags                bytes: path
 *     W  written    a: descriptor  b: offset               bytes: data
 *     T  truncated  a: descriptor  b: length
 *     B  sync begun a: descriptor
 *     S  synced     a: descriptor: what was written before it began is safe
 *     R  renamed                                           bytes: from, NUL, to
 *     U  unlinked                                          bytes: path
 *     A  said on standard output                           bytes: text
 *
 * POWER_CUT_SYNC_MS makes each sync take at least so long, as flash memory does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAX_FD 65536
#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace_fd = -1;
static const char *root;
static size_t root_length;
static long sync_ms;
static char watched[MAX_FD];

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *trace = getenv("POWER_CUT_TRACE");
  const char *wait = getenv("POWER_CUT_SYNC_MS");
  root = getenv("POWER_CUT_ROOT");
  if (!trace || !root) return;
  root_length = strlen(root);
  sync_ms = wait ? atol(wait) : 0;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  /* Out of the way of the numbers that the program expects. */
  trace_fd = fd < 0 ? -1 : (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 1000);
  if (fd >= 0) syscall(SYS_close, fd);
}

static int is_under_root(const char *path) {
  return trace_fd >= 0 && strncmp(path, root, root_length) == 0;
}

/* Under the lock. One write for each record, so that several processes may share a trace. */
static void put(char kind, uint64_t a, uint64_t b, const struct iovec *parts, int count) {
  unsigned char head[29];
  struct iovec all[66];
  struct timespec now;
  uint32_t length = 0;
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  if (count > 64) abort();
  for (int i = 0; i < count; i++) {
    all[i + 1] = parts[i];
    length += (uint32_t)parts[i].iov_len;
  }
  head[0] = (unsigned char)kind;
  memcpy(head + 1, &ns, 8);
  memcpy(head + 9, &a, 8);
  memcpy(head + 17, &b, 8);
  memcpy(head + 25, &length, 4);
  all[0].iov_base = head;
  all[0].iov_len = sizeof head;
  if (syscall(SYS_writev, trace_fd, all, count + 1) != (long)(sizeof head + length)) abort();
}

static void put_text(char kind, uint64_t a, uint64_t b, const char *text) {
  struct iovec part = {(void *)text, strlen(text)};
  put(kind, a, b, &part, 1);
}

static int opened(int fd, const char *path, int flags) {
  if (fd >= 0 && fd < MAX_FD) {
    int saved = errno;
    watched[fd] = (char)is_under_root(path);
    if (watched[fd]) put_text('O', (uint64_t)fd, (uint64_t)(unsigned)flags, path);
    errno = saved;
  }
  return fd;
}

static int is_watched(int fd) { return fd >= 0 && fd < MAX_FD && watched[fd] && trace_fd >= 0; }

#define OPEN(name)                                                   \
  int name(const char *path, int flags, ...) {                      \
    mode_t mode = 0;                                                 \
    if (flags & (O_CREAT | O_TMPFILE)) {                             \
      va_list list;                                                  \
      va_start(list, flags);                                         \
      mode = va_arg(list, mode_t);                                   \
      va_end(list);                                                  \
    }                                                                \
    pthread_mutex_lock(&lock);                                       \
    int fd = opened(REAL(name)(path, flags, mode), path, flags);     \
    pthread_mutex_unlock(&lock);                                     \
    return fd;                                                       \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < MAX_FD) watched[fd] = 0;
  int result = REAL(close)(fd);
  pthread_mutex_unlock(&lock);
  return result;
}

/* `done` bytes of the parts were written at `offset`; -1: where the descriptor stood, or wherever for output. */
static void wrote(int fd, const struct iovec *parts, int count, ssize_t done, off_t offset) {
  int saved = errno;
  struct iovec kept[64];
  int used = 0;
  if (done > 0 && (is_watched(fd) || (fd == 1 && trace_fd >= 0))) {
    if (offset < 0 && fd != 1) offset = (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR) - done;
    for (ssize_t left = done; left > 0 && used < count; used++) {
      kept[used] = parts[used];
      if ((ssize_t)kept[used].iov_len > left) kept[used].iov_len = (size_t)left;
      left -= (ssize_t)kept[used].iov_len;
    }
    put(fd == 1 ? 'A' : 'W', (uint64_t)fd, (uint64_t)(offset < 0 ? 0 : offset), kept, used);
  }
  errno = saved;
}

#define LOCKED_WRITE(call, parts, count, offset) \
  pthread_mutex_lock(&lock);                     \
  ssize_t done = call;                           \
  wrote(fd, parts, count, done, offset);         \
  pthread_mutex_unlock(&lock);                   \
  return done;

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec part = {(void *)bytes, length};
  LOCKED_WRITE(REAL(write)(fd, bytes, length), &part, 1, -1)
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  LOCKED_WRITE(REAL(writev)(fd, parts, count), parts, count, -1)
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  struct iovec part = {(void *)bytes, length};
  LOCKED_WRITE(REAL(pwrite)(fd, bytes, length, offset), &part, 1, offset)
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  struct iovec part = {(void *)bytes, length};
  LOCKED_WRITE(REAL(pwrite64)(fd, bytes, length, offset), &part, 1, offset)
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  LOCKED_WRITE(REAL(pwritev)(fd, parts, count, offset), parts, count, offset)
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  LOCKED_WRITE(REAL(pwritev64)(fd, parts, count, offset), parts, count, offset)
}

#define TRUNCATE(name, type)                                                       \
  int name(int fd, type length) {                                                 \
    pthread_mutex_lock(&lock);                                                     \
    int result = REAL(name)(fd, length);                                           \
    if (result == 0 && is_watched(fd)) put('T', (uint64_t)fd, (uint64_t)length, NULL, 0); \
    pthread_mutex_unlock(&lock);                                                   \
    return result;                                                                 \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                      \
  int name(int fd) {                                                    \
    int is_ours = is_watched(fd);                                       \
    if (is_ours) {                                                      \
      pthread_mutex_lock(&lock);                                        \
      put('B', (uint64_t)fd, 0, NULL, 0);                               \
      pthread_mutex_unlock(&lock);                                      \
      if (sync_ms > 0) {                                                \
        struct timespec pause = {sync_ms / 1000, sync_ms % 1000 * 1000000}; \
        nanosleep(&pause, NULL);                                        \
      }                                                                 \
    }                                                                   \
    int result = REAL(name)(fd);                                        \
    if (is_ours && result == 0) {                                       \
      pthread_mutex_lock(&lock);                                        \
      put('S', (uint64_t)fd, 0, NULL, 0);                               \
      pthread_mutex_unlock(&lock);                                      \
    }                                                                   \
    return result;                                                      \
  }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to) {
  pthread_mutex_lock(&lock);
  int result = REAL(rename)(from, to);
  if (result == 0 && is_under_root(to)) {
    struct iovec parts[2] = {{(void *)from, strlen(from) + 1}, {(void *)to, strlen(to)}};
    put('R', 0, 0, parts, 2);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) {
  pthread_mutex_lock(&lock);
  int result = REAL(unlink)(path);
  if (result == 0 && is_under_root(path)) put_text('U', 0, 0, path);
  pthread_mutex_unlock(&lock);
  return result;
}
