"""Writes the network of torch_gru.safetensors in the formats of other programs.

Its outputs are those of PyTorch, in torch_gru.json.

    python3 make_imports.py            (Python 3.11, standard library alone)

    import_state_dict.safetensors      names of a module with dense, gru (two layers) and head
    import_state_dict.npz              the same arrays in the format of numpy.savez_compressed
    import_layers.json                 layers in the format of RTNeural and Keras: inputs x outputs, gates z, r, h,
                                       biases 2 x 3H
"""

import io
import json
import struct
import zipfile

FILES = {
    "layers.0.weight": "dense.weight",
    "layers.0.bias": "dense.bias",
    "layers.3.weight": "head.weight",
    "layers.3.bias": "head.bias",
}
for k in (1, 2):
    for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        FILES[f"layers.{k}.{part}_l0"] = f"gru.{part}_l{k - 1}"

with open("torch_gru.safetensors", "rb") as file:
    size = struct.unpack("<Q", file.read(8))[0]
    header = json.loads(file.read(size))
    data = file.read()

shapes, values = {}, {}
for old, new in FILES.items():
    begin, end = header[old]["data_offsets"]
    shapes[new], values[new] = header[old]["shape"], data[begin:end]

new_header, offset = {}, 0
for name in shapes:
    new_header[name] = {"dtype": "F32", "shape": shapes[name], "data_offsets": [offset, offset + len(values[name])]}
    offset += len(values[name])
text = json.dumps(new_header).encode()
with open("import_state_dict.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + b"".join(values.values()))

with zipfile.ZipFile("import_state_dict.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, shape in shapes.items():
        dims = "(" + "".join(f"{n}, " for n in shape).strip() + ")"
        head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {dims}, }}"
        head += " " * (63 - (len(head) + 10) % 64) + "\n"
        entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + values[name])


def rows(name):
    flat = struct.unpack(f"<{len(values[name]) // 4}f", values[name])
    if len(shapes[name]) == 1:
        return list(flat)
    cols = shapes[name][1]
    return [list(flat[i : i + cols]) for i in range(0, len(flat), cols)]


def transposed(matrix):
    return [list(column) for column in zip(*matrix)]


def keras_gates(stacked):
    """r, z, n stacked → z, r, n."""
    third = len(stacked) // 3
    return stacked[third : 2 * third] + stacked[:third] + stacked[2 * third :]


def dense(name, activation):
    weights = [transposed(rows(name + ".weight")), rows(name + ".bias")]
    return {
        "type": "dense",
        "activation": activation,
        "shape": [None, None, shapes[name + ".bias"][0]],
        "weights": weights,
    }


def gru(k):
    kernel, recurrent = (transposed(keras_gates(rows(f"gru.{part}_l{k}"))) for part in ("weight_ih", "weight_hh"))
    biases = [keras_gates(rows(f"gru.{part}_l{k}")) for part in ("bias_ih", "bias_hh")]
    return {
        "type": "gru",
        "activation": "tanh",
        "shape": [None, None, len(biases[0]) // 3],
        "weights": [kernel, recurrent, biases],
    }


with open("import_layers.json", "w") as file:
    layers = [dense("dense", "tanh"), gru(0), gru(1), dense("head", "")]
    json.dump({"in_shape": [None, None, 5], "layers": layers}, file)
    file.write("\n")
