#!/usr/bin/env python3
"""Turns engine_benchmark's JSON into markdown tables: table.py results.json

engine_benchmark --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true \
    --benchmark_min_time=0.02 --benchmark_format=json > results.json
Times are medians of the repetitions, of CPU time. A ratio is the float GRU's time over the kernel's. The float GRU is
the faster of fixed and dynamic sizes, compiled for the same vectors: x86-64-v4 for avx512vnni, v3 for avxvnni and avx2.
"""
import collections
import json
import statistics
import sys

PEER = {"avx512vnni": "v4", "avxvnni": "v3", "avx2": "v3"}
WIDTHS = {"w8": "8 bits", "w4": "4 bits", "w2": "2 bits", "searched": "searched"}
SIZES = ["1/8", "1/16", "40/32", "40/64", "40/96", "40/128", "64/256"]


def read(path):
    """Name → the median of each number of its runs."""
    runs = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(path) as file:
        results = json.load(file)
    for run in results["benchmarks"]:
        if run.get("run_type", "iteration") == "iteration":
            for key, value in run.items():
                if isinstance(value, (int, float)):
                    runs[run.get("run_name", run["name"])][key].append(value)
    medians = {name: {key: statistics.median(values) for key, values in run.items()} for name, run in runs.items()}
    return results["context"], medians


def size_name(size):
    inputs, hidden = size.split("/")
    return f"I:{inputs}/H:{hidden}"


class Tables:
    def __init__(self, runs):
        self.runs = runs
        self.isas = [isa for isa in PEER if any(f"/{isa}/" in name for name in runs)]

    def time(self, *names):
        """The shortest time of these runs; None if none of them exists."""
        times = [self.runs[name]["cpu_time"] for name in names if name in self.runs]
        return min(times) if times else None

    def peer(self, level, size):
        return self.time(f"FloatGru/{level}/fixed/{size_name(size)}", f"FloatGru/{level}/dynamic/{size_name(size)}")

    def step(self, isa, width, size, kind="GruStep"):
        return self.time(f"{kind}/{isa}/{width}/{size_name(size)}")

    def steps(self):
        levels = [level for level in ("v4", "v3") if self.peer(level, "40/64")]
        kernels = [f"{isa} {WIDTHS[width]}" for isa in self.isas for width in WIDTHS]
        yield ["I/H"] + [f"float {level}" for level in levels] + kernels
        for size in SIZES:
            row = [size] + [number(self.peer(level, size)) for level in levels]
            for isa in self.isas:
                for width in WIDTHS:
                    row.append(with_ratio(self.step(isa, width, size), self.peer(PEER[isa], size)))
            yield row

    def floats(self):
        """Our float kernels, as times faster than Eigen's for the same vectors; `plain` and `four` beside v3."""
        names = [name for name in ("avx512", "avx2", "four", "plain")
                 if self.time(f"FloatStep/{name}/{size_name('40/64')}")]
        levels = [level for level in ("v4", "v3") if self.peer(level, "40/64")]
        if not names or not levels:
            return
        yield ["I/H"] + [f"Eigen {level}" for level in levels] + names
        for size in SIZES:
            row = [size] + [number(self.peer(level, size)) for level in levels]
            for name in names:
                peer = self.peer("v4" if name == "avx512" else "v3", size)
                row.append(with_ratio(self.time(f"FloatStep/{name}/{size_name(size)}"), peer))
            yield row

    def products(self):
        yield ["I/H"] + [f"{isa}: product, step, step/product" for isa in self.isas]
        for size in SIZES:
            row = [size]
            for isa in self.isas:
                product, step = self.step(isa, "w8", size, "Product"), self.step(isa, "w8", size)
                row.append(f"{number(product)}, {number(step)}, {step / product:.2f}" if product and step else "–")
            yield row

    def cold(self):
        yield ["256 MB of weights in turn, 40/128", "8 bits, fast"] + [f"{bits} bits, compact" for bits in (8, 4, 3, 2)]
        for isa in self.isas:
            fast = self.time(f"GruCold/{isa}/w8/fast/{size_name('40/128')}")
            times = [self.time(f"GruCold/{isa}/w{bits}/compact/{size_name('40/128')}") for bits in (8, 4, 3, 2)]
            if fast:
                yield [isa, number(fast)] + [with_ratio(time, fast) for time in times]

    def compact(self):
        yield ["40/64, resident bytes, ns"] + [f"{bits} bits" for bits in (8, 4, 3, 2)]
        for isa in self.isas:
            for kind in ("GruStep", "GruCompact"):
                row = [f"{isa}, {'fast' if kind == 'GruStep' else 'compact'}"]
                for bits in (8, 4, 3, 2):
                    run = self.runs.get(f"{kind}/{isa}/w{bits}/{size_name('40/64')}")
                    row.append(f"{run['resident_bytes']:.0f}, {number(run['cpu_time'])}" if run else "–")
                yield row

    def streams(self):
        """For each block size and sound: median in µs, p99.9 / median, most / median of the work, and the p99.9 of one
        block's time as a share of the block's duration."""
        runs = {}
        for name, run in self.runs.items():
            if name.startswith(("Denoiser/", "KeywordSpotter/", "FixedWork/")) and "median_ns_per_10ms" in run:
                what, isa, sound, block = name.split("/")[:4]
                row = (sound.replace("none", "noise"), int(block.removeprefix("block:")))
                median = run["median_ns_per_10ms"]
                tail = run["p99.9_ns_per_10ms"] / median
                work = run["work_most_ns_per_10ms"] / run["work_median_ns_per_10ms"]
                runs.setdefault(row, {})[what if isa == "none" else f"{what}, {isa}"] = (
                    f"{median / 1000:.2f}, {tail:.1f}, {work:.2f}, {run['one_block_p99.9_percent']:.2f} %")
        columns = sorted({column for row in runs.values() for column in row})
        yield ["block, sound"] + columns
        for (sound, block), row in sorted(runs.items(), key=lambda item: (item[0][0] != "noise", item[0])):
            yield [f"{block}, {sound}"] + [row.get(column, "–") for column in columns]


def number(value):
    return "–" if value is None else f"{value:.0f}"


def with_ratio(value, other, unit="x"):
    if value is None or other is None:
        return number(value)
    return f"{value:.0f} ({other / value:.1f}{unit})"


def markdown(rows):
    header, *rows = rows
    rows = [header] + [row for row in rows if any(cell != "–" for cell in row[1:])]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    context, runs = read(sys.argv[1])
    tables = Tables(runs)
    machine = f"{context['num_cpus']} CPUs at {context['mhz_per_cpu']} MHz, {context['date'][:10]}"
    print(f"{machine}. One GRU step, ns (times faster than float):\n")
    for rows in (tables.steps(), tables.floats(), tables.products(), tables.cold(), tables.compact(), tables.streams()):
        text = markdown(rows) if (rows := list(rows)) else ""
        if text.count("\n") > 1:
            print(text + "\n")


if __name__ == "__main__":
    main()
