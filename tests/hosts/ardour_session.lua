-- Makes an Ardour session "s" in $SESSION_DIR, at 48 kHz on the dummy engine: one track "in" of $TRACK_CHANNELS (2)
-- channels with the plugin $PLUGIN_UID of the kind $PLUGIN_TYPE (VST3, or LV2).
-- $MIX_AUTOMATION: "SECONDS PERCENT, …": the automation of the plugin's parameter Mix.
AudioEngine:set_backend("None (Dummy)", "", "")
local session = assert(create_session(os.getenv("SESSION_DIR"), "s", 48000), "no session")
local last, mode = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
local channels = tonumber(os.getenv("TRACK_CHANNELS") or 2)
local track = session:new_audio_track(channels, channels, nil, 1, "in", last, mode, true):front()
local kind = ARDOUR.PluginType[os.getenv("PLUGIN_TYPE") or "VST3"]
local plugin = ARDOUR.LuaAPI.new_plugin(session, os.getenv("PLUGIN_UID"), kind, "")
assert(not plugin:isnil(), "plugin not found: " .. os.getenv("PLUGIN_UID"))
assert(track:add_processor_by_index(plugin, 0, nil, true) == 0, "the track refuses the plugin")

local automation = os.getenv("MIX_AUTOMATION")
if automation then
    local insert, mix, control, controls = plugin:to_insert(), nil, nil, 0
    local description = insert:plugin(0)
    for parameter = 0, description:parameter_count() - 1 do
        if description:parameter_is_control(parameter) then
            if description:parameter_label(parameter) == "Mix" then mix, control = parameter, controls end
            controls = controls + 1
        end
    end
    local _, list = ARDOUR.LuaAPI.plugin_automation(plugin, assert(control, "no parameter Mix"))
    for seconds, percent in automation:gmatch("([%d.]+) ([%d.]+)") do
        local at = Temporal.timepos_t(math.floor(48000 * tonumber(seconds) + 0.5))
        list:add(at, tonumber(percent), false, true)
    end
    local name = Evoral.Parameter(ARDOUR.AutomationType.PluginAutomation, 0, mix)
    insert:to_automatable():automation_control(name, true):set_automation_state(ARDOUR.AutoState.Play)
end
session:save_state("", false, false, false, false, false)
close_session()
quit()
