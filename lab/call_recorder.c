/* SPDX-License-Identifier: MIT */
/* Writes down the system calls for memory that this process makes, from within.
 *
 * Question. Which mmap, munmap, mremap, brk and madvise calls are made, malloc's own
 * included, where neither ptrace nor privilege is to be had?
 * Method. A seccomp filter, which a process may put on itself, answers each of the five
 * with the signal SIGSYS instead of doing it, unless it comes from one address: the
 * instruction behind our own. The signal's handler makes the call there, between two looks
 * at the clock, writes it into a table that was there before, and puts the result where
 * the call's would be. To whoever made the call nothing has happened but time. The handler
 * allocates nothing and takes no lock, so that it may come in the midst of malloc.
 * What it does not measure. The cost of the call as it would be without: the signal is
 * outside of the time that is written down, but leaves the caches colder. Calls of other
 * threads: they must not be there. One that is made while SIGSYS is blocked ends the
 * process. */
#include "call_recorder.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* ---- the one place that may make the calls ---- */

/* Makes the call `number`; call_recorder_end is the instruction behind it. */
long call_recorder_make(long number, const uint64_t arguments[MEMORY_CALL_ARGUMENTS]);
extern const char call_recorder_end[];

#if defined __x86_64__ && defined __LP64__
#define HAS_RECORDER 1
#define OWN_ARCH     AUDIT_ARCH_X86_64
__asm__(".pushsection .text\n"
        ".globl call_recorder_make\n"
        ".hidden call_recorder_make\n"
        ".type call_recorder_make, @function\n"
        "call_recorder_make:\n"
        "    .cfi_startproc\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %r11\n"
        "    mov (%r11), %rdi\n"
        "    mov 8(%r11), %rsi\n"
        "    mov 16(%r11), %rdx\n"
        "    mov 24(%r11), %r10\n"
        "    mov 32(%r11), %r8\n"
        "    mov 40(%r11), %r9\n"
        "    syscall\n"
        ".globl call_recorder_end\n"
        ".hidden call_recorder_end\n"
        "call_recorder_end:\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size call_recorder_make, . - call_recorder_make\n"
        ".popsection\n");

static void read_registers(const ucontext_t *caller, uint64_t *arguments)
{
    static const int places[MEMORY_CALL_ARGUMENTS] = {REG_RDI, REG_RSI, REG_RDX,
                                                      REG_R10, REG_R8,  REG_R9};
    for (size_t i = 0; i < MEMORY_CALL_ARGUMENTS; i++)
        arguments[i] = (uint64_t)caller->uc_mcontext.gregs[places[i]];
}

static void write_result(ucontext_t *caller, int64_t result)
{
    caller->uc_mcontext.gregs[REG_RAX] = result;
}

#elif defined __aarch64__ && defined __AARCH64EL__ && defined __LP64__
#define HAS_RECORDER 1
#define OWN_ARCH     AUDIT_ARCH_AARCH64
__asm__(".pushsection .text\n"
        ".balign 4\n"
        ".globl call_recorder_make\n"
        ".hidden call_recorder_make\n"
        ".type call_recorder_make, %function\n"
        "call_recorder_make:\n"
        "    .cfi_startproc\n"
        "    hint #34\n" /* bti c */
        "    mov x8, x0\n"
        "    mov x9, x1\n"
        "    ldp x0, x1, [x9]\n"
        "    ldp x2, x3, [x9, #16]\n"
        "    ldp x4, x5, [x9, #32]\n"
        "    svc #0\n"
        ".globl call_recorder_end\n"
        ".hidden call_recorder_end\n"
        "call_recorder_end:\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size call_recorder_make, . - call_recorder_make\n"
        ".popsection\n");

static void read_registers(const ucontext_t *caller, uint64_t *arguments)
{
    for (size_t i = 0; i < MEMORY_CALL_ARGUMENTS; i++)
        arguments[i] = caller->uc_mcontext.regs[i];
}

static void write_result(ucontext_t *caller, int64_t result)
{
    caller->uc_mcontext.regs[0] = (uint64_t)result;
}

#else
#define HAS_RECORDER 0
#endif

/* ---- the table ---- */

static struct {
    struct memory_call calls[RECORDER_ROOM];
    size_t n;
    uint64_t n_dropped, brk;
    struct memory_call_sums sums;
    volatile sig_atomic_t is_on;
} recorder;

void call_recorder_read(struct call_recording *recording)
{
    recording->calls = recorder.calls;
    recording->n = recorder.n;
    recording->n_dropped = recorder.n_dropped;
    recording->sums = recorder.sums;
    recording->brk = recorder.brk;
}

void call_recorder_stop(void)
{
    recorder.is_on = 0;
}

void call_recorder_start(void)
{
    recorder.is_on = 0;
    memset(recorder.calls, 0,
           sizeof recorder.calls); /* its pages are there from now on */
    memset(&recorder.sums, 0, sizeof recorder.sums);
    recorder.n = recorder.n_dropped = 0;
    recorder.brk = (uint64_t)syscall(SYS_brk, 0);
    recorder.sums.brk = recorder.brk;
    recorder.is_on = 1;
}

#if HAS_RECORDER

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void record(const struct memory_call *call)
{
    (void)memory_call_add(&recorder.sums, call);
    if (recorder.n < RECORDER_ROOM)
        recorder.calls[recorder.n++] = *call;
    else
        recorder.n_dropped++;
}

/* Whoever made the call may be in the midst of malloc, and reads errno. */
static void make_again(int signal, siginfo_t *info, void *context)
{
    const int saved = errno;
    ucontext_t *const caller = context;
    struct memory_call call;
    (void)signal;
    call.kind = memory_call_numbered(info->si_syscall);
    read_registers(caller, call.arguments);
    call.at_ns = now_ns();
    call.result = call_recorder_make(info->si_syscall, call.arguments);
    call.duration_ns = now_ns() - call.at_ns;
    write_result(caller, call.result);
    if (recorder.is_on && call.kind < N_MEMORY_CALLS)
        record(&call);
    errno = saved;
}

/* ---- the filter ---- */

#define LOAD(field)                                                                      \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(value, then, otherwise)                                                       \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), then, otherwise)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)

/* Distances are counted in lines from the next one on. The address is that of the next
 * instruction; both processors have its low half first. */
static bool set_filter(void)
{
    const uint64_t own = (uint64_t)(uintptr_t)call_recorder_end;
    const struct sock_filter lines[] = {
        LOAD(arch),
        IF(OWN_ARCH, 0, 11),
        LOAD(nr),
        IF(SYS_mmap, 4, 0),
        IF(SYS_munmap, 3, 0),
        IF(SYS_mremap, 2, 0),
        IF(SYS_brk, 1, 0),
        IF(SYS_madvise, 0, 5),
        LOAD(instruction_pointer),
        IF(own, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 offsetof(struct seccomp_data, instruction_pointer) + 4),
        IF(own >> 32, 1, 0),
        ANSWER(SECCOMP_RET_TRAP),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof lines / sizeof *lines,
                                       (struct sock_filter *)(uintptr_t)lines};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool call_recorder_install(struct complaint *complaint)
{
    struct sigaction action;
    sigset_t own;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    action.sa_sigaction = make_again;
    sigemptyset(&own);
    sigaddset(&own, SIGSYS);
    if (sigaction(SIGSYS, &action, NULL) != 0 ||
        sigprocmask(SIG_UNBLOCK, &own, NULL) != 0 || !set_filter())
        return complain(complaint,
                        "no seccomp filter for itself: %s; the kernel or a sandbox "
                        "forbids it",
                        strerror(errno));
    return true;
}

/* In a process of its own: whether a call comes by here and is made. */
static int try_it(void)
{
    struct complaint ignored;
    struct call_recording recording;
    if (!call_recorder_install(&ignored))
        return errno != 0 ? errno : EPERM;
    call_recorder_start();
    const long result = syscall(SYS_munmap, 1, 1); /* no page begins at 1 */
    call_recorder_stop();
    call_recorder_read(&recording);
    return result == -1 && errno == EINVAL && recording.n == 1 ? 0 : ENOSYS;
}

bool call_recorder_try(struct complaint *complaint)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0)
        _exit(try_it());
    if (child < 0)
        return complain(complaint, "no process to try it in: %s", strerror(errno));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return complain(
        complaint, "no seccomp filter for itself: %s; the kernel or a sandbox forbids it",
        WIFEXITED(status) ? strerror(WEXITSTATUS(status)) : strsignal(WTERMSIG(status)));
}

#else

bool call_recorder_install(struct complaint *complaint)
{
    return complain(complaint,
                    "the recorder knows x86-64 and aarch64, not this processor");
}

bool call_recorder_try(struct complaint *complaint)
{
    return call_recorder_install(complaint);
}

#endif
