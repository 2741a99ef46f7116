# To be sourced. emulated_presets SOURCE_DIR: sets `presets` to the factory presets that emulated processors and Node
# play: all but further sizes of networks of bands, of which a few would take them minutes. These networks play at 8
# bits and at the widths that a search recommends, from 2 bits on.
emulated_presets() {
    local preset
    presets=()
    for preset in "$1"/presets/*.gruve; do
        case $(basename "$preset") in
            denoise_studio-[0-9]*B.gruve | denoise_*fine-[0-9]*B.gruve) ;;
            *) if [ -f "$preset" ]; then presets+=("$preset"); fi ;;
        esac
    done
}
