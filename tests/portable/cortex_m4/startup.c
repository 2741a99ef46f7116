/* From reset to main(), and semihosting's exit. */
#include "semihosting.h"

extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];
int main(void);

static void reset(void) {
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
    for (uint32_t* to = bss_start; to < bss_end;) *to++ = 0;
    semihosting_exit(main());
}

static void fault(void) {
    semihosting_print("fault\n");
    semihosting_exit(1);
}

typedef union {
    uint32_t* stack;
    void (*handler)(void);
} vector;
/* Stack, reset, then NMI, hard fault, memory, bus and usage faults. */
__attribute__((section(".vectors"), used)) static const vector vectors[] = {
    {.stack = stack_top}, {.handler = reset}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}};
