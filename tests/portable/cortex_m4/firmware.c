/* Runs an exported preset on a Cortex-M4. Prints the hash of the outputs, instructions per step and bytes of stack.
 *
 * The emulator runs with -icount shift=3. An instruction then takes 8 ns and the system timer counts down at 25 MHz, so
 * that a tick is five instructions. The stack is filled with a pattern; a step changes the words that it uses. */
#include "fixed_stream.h"
#include "semihosting.h"

#define SYSTICK_CONTROL (*(volatile uint32_t*)0xe000e010)
#define SYSTICK_RELOAD (*(volatile uint32_t*)0xe000e014)
#define SYSTICK_NOW (*(volatile uint32_t*)0xe000e018)

enum { instructions_per_tick = 5, systick_mask = 0xffffff, painted_words = 1024 };
static const uint32_t paint = 0xa5a5a5a5u;

static uint32_t started;
static uint64_t ticks;

static void before_step(void) { started = SYSTICK_NOW; }
static void after_step(void) { ticks += (started - SYSTICK_NOW) & systick_mask; }

static void print_number(uint64_t value, uint32_t base, int digits) {
    char text[24];
    char* next = text + sizeof text;
    *--next = '\0';
    for (; value || digits > 0; value /= base, --digits) *--next = "0123456789abcdef"[value % base];
    semihosting_print(next);
}

/* Bytes below this function's frame that one step uses. */
__attribute__((noinline)) static uint32_t stack_of_a_step(void) {
    volatile uint32_t* const bottom = (volatile uint32_t*)__builtin_frame_address(0) - painted_words - 16;
    for (int i = 0; i < painted_words; ++i) bottom[i] = paint;
    JOIN(RUNTIME, _step)(&MODEL, network_memory, network_input, network_output);
    int untouched = 0;
    while (untouched < painted_words && bottom[untouched] == paint) ++untouched;
    return (uint32_t)(painted_words + 16 - untouched) * 4;
}

/* Runs 20,000 instructions and checks that the timer counts them as described above. */
static int clock_is_right(void) {
    const uint32_t before = SYSTICK_NOW;
    uint32_t rounds = 10000;
    __asm__ volatile("1: subs %0, #1\n bne 1b" : "+l"(rounds) : : "cc");
    const uint32_t counted = ((before - SYSTICK_NOW) & systick_mask) * instructions_per_tick;
    return counted > 19900 && counted < 20100;
}

int main(void) {
    SYSTICK_RELOAD = systick_mask;
    SYSTICK_NOW = 0;
    SYSTICK_CONTROL = 5; /* processor clock, no interrupt */
    if (!clock_is_right()) {
        semihosting_print("the timer does not count five instructions per tick; run with -icount shift=3\n");
        return 1;
    }

    const uint64_t hash = hash_of_outputs(before_step, after_step);
    print_number(hash, 16, 16);
    semihosting_print(" ");
    print_number(ticks * instructions_per_tick / fixed_stream_steps, 10, 1);
    semihosting_print(" ");
    print_number(stack_of_a_step(), 10, 1);
    semihosting_print("\n");
    return 0;
}
