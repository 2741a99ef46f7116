"""Writes torch_gru.safetensors, a small network of PyTorch layers, and torch_gru.json, an input and PyTorch's output.

    pip install torch==2.5.1 numpy==2.4.6 safetensors==0.8.0 && python make_torch_gru.py

Layers: linear + tanh 5 → 6, GRU 6 → 7, GRU 7 → 4, linear 4 → 3; 12 steps, one sequence.
"""

import json

import torch
from safetensors.torch import save_file

torch.manual_seed(20240219)
dense, first, second, last = torch.nn.Linear(5, 6), torch.nn.GRU(6, 7), torch.nn.GRU(7, 4), torch.nn.Linear(4, 3)
tensors = {}
for k, module in enumerate([dense, first, second, last]):
    for name, tensor in module.state_dict().items():
        tensor.mul_(2)  # away from the linear part of the activations
        tensors[f"layers.{k}.{name}"] = tensor.contiguous()

x = 2 * torch.randn(12, 5)
with torch.no_grad():
    y = last(second(first(torch.tanh(dense(x)))[0])[0])

save_file(tensors, "torch_gru.safetensors", metadata={"layers.0.activation": "tanh", "torch": torch.__version__})
with open("torch_gru.json", "w") as file:
    json.dump({"torch": torch.__version__, "input": x.tolist(), "output": y.tolist()}, file)
    file.write("\n")
