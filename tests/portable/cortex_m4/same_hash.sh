#!/usr/bin/env bash
# Runs presets on an emulated Cortex-M4 (qemu, board mps2-an386), compares the hashes of their outputs with the engine's
# here, and prints a table of their cost: flash, RAM and instructions.
#   same_hash.sh SOURCE_DIR BINARY_DIR [PRESET…]    default: the factory's (emulated_presets.sh), or tiny ones if there
#                                                   is none
set -euo pipefail
source_dir=$1 binary_dir=$2
shift 2
shopt -s nullglob
presets=("$@")
source "$(dirname "$0")/../emulated_presets.sh"
[ ${#presets[@]} -gt 0 ] || emulated_presets "$source_dir"
for tool in arm-none-eabi-gcc arm-none-eabi-size qemu-system-arm; do
    command -v "$tool" >/dev/null ||
        { echo "SKIPPED: $tool is not installed (Debian: gcc-arm-none-eabi, qemu-system-arm)"; exit 77; }
done

here=$source_dir/tests/portable/cortex_m4 work=$binary_dir/cortex_m4
rm -rf "$work"
# -ffreestanding and no C library: if the runtime needed more than C itself, it would not link.
flags=(-mcpu=cortex-m4 -mthumb -mfloat-abi=soft -std=c99 -O2 -ffreestanding -ffunction-sections -fdata-sections
    -Wall -Wextra -Wconversion -Werror -I"$source_dir/engine/device" -I"$source_dir/tests/portable" -I"$work")
link=(-nostdlib -Wl,--gc-sections -T "$here/mps2_an386.ld")
machine=(-machine mps2-an386 -icount shift=3 -display none -serial none -monitor none
    -semihosting-config enable=on,target=native)

list=$("$binary_dir/bin/gruve_device_headers" "$work" "${presets[@]}")
objects=()
for part in device bands dot; do
    objects+=("$work/gruve_$part.o")
    arm-none-eabi-gcc "${flags[@]}" -c "$source_dir/engine/device/gruve_$part.c" -o "${objects[-1]}"
done
table='| preset | flash, bytes | RAM, bytes | of it stack | instructions per step |
|---|--:|--:|--:|--:|'
while IFS=$'\t' read -r header name runtime preset; do
    model=(-DMODEL="$name" -DRUNTIME="$runtime" -DMODEL_HEADER="\"$(basename "$header")\"")
    arm-none-eabi-gcc "${flags[@]}" "${model[@]}" "$here/startup.c" "$here/firmware.c" "${objects[@]}" \
        "${link[@]}" -lgcc -o "$work/firmware.elf"
    arm-none-eabi-gcc "${flags[@]}" "${model[@]}" "$here/deployed.c" "${objects[@]}" \
        "${link[@]}" -Wl,-e,deployed_step -Wl,-u,deployed_reset -lgcc -o "$work/deployed.elf"
    printed=$(timeout 120 qemu-system-arm "${machine[@]}" -kernel "$work/firmware.elf" 2>&1) ||
        { echo "$preset: the firmware failed: $printed"; exit 1; }
    read -r hash instructions stack <<<"$printed"
    expected=$("$binary_dir/bin/gruve_output_hash" "$preset" 2>/dev/null)
    [ "$hash" = "${expected%% *}" ] || { echo "$preset: Cortex-M4 gives $hash, this machine ${expected%% *}"; exit 1; }
    read -r text data bss _ < <(arm-none-eabi-size "$work/deployed.elf" | tail -n 1)
    flash=$((text + data)) ram=$((data + bss + stack))
    table+=$(printf '\n| %s | %d | %d | %d | %d |' "$(basename "$preset" .gruve)" $flash $ram "$stack" "$instructions")
done <<<"$list"
printf 'The same hashes on Cortex-M4 and here.\n\n%s\n' "$table"
