#include "gruve_layers.h"

/* Memory holds h of all GRUs (16 bits), then the outputs of all layers (8 bits; a GRU's is its copy). The outputs of
 * a last dense layer go to the caller. */
static size_t states(const gruve_model* model) {
    size_t count = 0;
    for (size_t k = 0; k < model->layer_count; ++k)
        if (model->layers[k].gru) count += model->layers[k].gru->hn.rows;
    return count;
}

size_t gruve_memory_size(const gruve_model* model) {
    size_t outputs = 0;
    for (size_t k = 0; k < model->layer_count; ++k) {
        const gruve_layer layer = model->layers[k];
        if (layer.gru)
            outputs += layer.gru->hn.rows;
        else if (k + 1 < model->layer_count)
            outputs += layer.dense->linear.rows;
    }
    return states(model) + (outputs + 1) / 2;
}

void gruve_reset(const gruve_model* model, int16_t* memory) {
    const size_t size = gruve_memory_size(model);
    for (size_t i = 0; i < size; ++i) memory[i] = 0;
}

void gruve_step(const gruve_model* model, int16_t* memory, const int8_t* x_q, int16_t* y_q) {
    int16_t* h = memory;
    int8_t* output = (int8_t*)(memory + states(model));
    const int8_t* input = x_q;
    for (size_t k = 0; k < model->layer_count; ++k) {
        const gruve_layer layer = model->layers[k];
        const int last = k + 1 == model->layer_count;
        if (layer.gru) {
            const size_t hidden = layer.gru->hn.rows;
            gru_step(layer.gru, input, h, output);
            if (last)
                for (size_t i = 0; i < hidden; ++i) y_q[i] = output[i];
            input = output;
            h += hidden;
            output += hidden;
        } else {
            const size_t rows = layer.dense->linear.rows;
            const gruve_vector x = vector_of(input, layer.dense->linear.cols);
            for (size_t row = 0; row < rows; ++row) {
                const int16_t y = dense_output(layer.dense, row, x, 0);
                if (last)
                    y_q[row] = y;
                else
                    output[row] = (int8_t)y;
            }
            input = output;
            if (!last) output += rows;
        }
    }
}
