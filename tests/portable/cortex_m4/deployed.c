/* Everything that a product needs to run a preset: its constants, the runtime, memory and one step. It is linked alone
 * to measure its size. */
#include MODEL_HEADER

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

static int16_t memory[JOIN(MODEL, _memory_size)];
int8_t deployed_input[JOIN(MODEL, _input_size)];
int16_t deployed_output[JOIN(MODEL, _output_size)];
void deployed_reset(void);
void deployed_step(void);

void deployed_reset(void) { JOIN(RUNTIME, _reset)(&MODEL, memory); }
void deployed_step(void) { JOIN(RUNTIME, _step)(&MODEL, memory, deployed_input, deployed_output); }
