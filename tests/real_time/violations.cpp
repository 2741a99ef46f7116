#include "tests/real_time/violations.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(realtime_sanitizer)
#define GRUVE_COUNTS 0
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GRUVE_COUNTS 0
#endif
#ifndef GRUVE_COUNTS
#define GRUVE_COUNTS 1
#endif

namespace {

thread_local bool counting = false;
thread_local gruve::test::Violations counted;

#if GRUVE_COUNTS
void note(int gruve::test::Violations::*kind) {
    if (counting) ++(counted.*kind);
}

constexpr auto allocation = &gruve::test::Violations::allocations;
constexpr auto lock = &gruve::test::Violations::locks;
constexpr auto call = &gruve::test::Violations::system_calls;

/// The C library's function of this name, found once.
template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#endif

}  // namespace

namespace gruve::test {

std::string to_string(const Violations& v) {
    return std::to_string(v.allocations) + " allocations, " + std::to_string(v.locks) + " locks, " +
           std::to_string(v.system_calls) + " system calls";
}

NonBlocking::NonBlocking() {
    counted = {};
    counting = true;
}
NonBlocking::~NonBlocking() { counting = false; }
Violations NonBlocking::violations() const { return counted; }
bool violations_are_counted() { return GRUVE_COUNTS; }

}  // namespace gruve::test

#if GRUVE_COUNTS

// dlsym may allocate, so the allocator's real functions have to be had without it.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t n) { return note(allocation), __libc_malloc(n); }
void* calloc(std::size_t n, std::size_t size) { return note(allocation), __libc_calloc(n, size); }
void* realloc(void* p, std::size_t n) { return note(allocation), __libc_realloc(p, n); }
void* memalign(std::size_t alignment, std::size_t n) { return note(allocation), __libc_memalign(alignment, n); }
void* aligned_alloc(std::size_t alignment, std::size_t n) { return note(allocation), __libc_memalign(alignment, n); }
int posix_memalign(void** p, std::size_t alignment, std::size_t n) {
    note(allocation);
    *p = __libc_memalign(alignment, n);
    return *p ? 0 : ENOMEM;
}
void free(void* p) {
    if (p) note(allocation);
    __libc_free(p);
}

// GRUVE_WATCH(kind, return type, name, (parameters), (arguments)): counts, then calls the real one.
#define GRUVE_WATCH(kind, Result, name, parameters, arguments)    \
    Result name parameters {                                      \
        static auto* const real = next<Result parameters>(#name); \
        note(kind);                                               \
        return real arguments;                                    \
    }

GRUVE_WATCH(lock, int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
GRUVE_WATCH(lock, int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
GRUVE_WATCH(lock, int, pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t), (m, t))
GRUVE_WATCH(lock, int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
GRUVE_WATCH(lock, int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
GRUVE_WATCH(lock, int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
GRUVE_WATCH(lock, int, pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t* m, const timespec* t), (c, m, t))
GRUVE_WATCH(lock, int, pthread_cond_signal, (pthread_cond_t * c), (c))
GRUVE_WATCH(lock, int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
GRUVE_WATCH(lock, int, sem_wait, (sem_t * s), (s))
GRUVE_WATCH(lock, int, sem_post, (sem_t * s), (s))
GRUVE_WATCH(call, int, pthread_create, (pthread_t * t, const pthread_attr_t* a, void* (*f)(void*), void* x),
            (t, a, f, x))
GRUVE_WATCH(call, int, pthread_join, (pthread_t t, void** r), (t, r))
GRUVE_WATCH(call, int, close, (int f), (f))
GRUVE_WATCH(call, ssize_t, read, (int f, void* p, std::size_t n), (f, p, n))
GRUVE_WATCH(call, ssize_t, write, (int f, const void* p, std::size_t n), (f, p, n))
GRUVE_WATCH(call, int, socket, (int d, int t, int p), (d, t, p))
GRUVE_WATCH(call, ssize_t, send, (int f, const void* p, std::size_t n, int flags), (f, p, n, flags))
GRUVE_WATCH(call, ssize_t, recv, (int f, void* p, std::size_t n, int flags), (f, p, n, flags))
GRUVE_WATCH(call, FILE*, fopen, (const char* path, const char* mode), (path, mode))
GRUVE_WATCH(call, std::size_t, fwrite, (const void* p, std::size_t size, std::size_t n, FILE* f), (p, size, n, f))
GRUVE_WATCH(call, std::size_t, fread, (void* p, std::size_t size, std::size_t n, FILE* f), (p, size, n, f))
GRUVE_WATCH(call, int, puts, (const char* text), (text))
GRUVE_WATCH(call, int, nanosleep, (const timespec* wanted, timespec* left), (wanted, left))
GRUVE_WATCH(call, int, clock_nanosleep, (clockid_t c, int flags, const timespec* wanted, timespec* left),
            (c, flags, wanted, left))
GRUVE_WATCH(call, int, usleep, (useconds_t us), (us))
GRUVE_WATCH(call, int, sched_yield, (), ())
GRUVE_WATCH(call, void*, mmap, (void* p, std::size_t n, int prot, int flags, int f, off_t at),
            (p, n, prot, flags, f, at))
GRUVE_WATCH(call, int, munmap, (void* p, std::size_t n), (p, n))

int open(const char* path, int flags, ...) {
    static auto* const real = next<int(const char*, int, ...)>("open");
    note(call);
    va_list more;
    va_start(more, flags);
    const auto mode = va_arg(more, mode_t);  // junk where no mode was given, and then not read
    va_end(more);
    return real(path, flags, mode);
}
int ioctl(int f, unsigned long request, ...) {
    static auto* const real = next<int(int, unsigned long, ...)>("ioctl");
    note(call);
    va_list more;
    va_start(more, request);
    void* const argument = va_arg(more, void*);
    va_end(more);
    return real(f, request, argument);
}
}  // extern "C"

#endif
