-- Opens the session "s" in $SESSION_DIR, rolls from its start to $ROLL_SECONDS, and records the MIDI that the track
-- "in" sends on a new track "midi".
AudioEngine:set_backend("None (Dummy)", "", "")
local session = assert(load_session(os.getenv("SESSION_DIR"), "s"), "no session")
local route = assert(session:route_by_name("in"), "no track")
local one = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
local last, mode = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
local midi = session:new_midi_track(one, one, true, ARDOUR.PluginInfo(), nil, nil, 1, "midi", last, mode, true):front()
local from, to = route:output():midi(0), midi:input():midi(0)
to:disconnect_all()
assert(from:connect(to:name()) == 0, "the plugin's MIDI can't be connected")
midi:rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
sleep(3) -- the preset loads in the background
session:maybe_enable_record()
session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
-- A busy machine plays slower than the clock.
local tries = 200
while session:transport_sample() < 48000 * tonumber(os.getenv("ROLL_SECONDS")) and tries > 0 do
    sleep(1)
    tries = tries - 1
end
session:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
sleep(1)
session:save_state("", false, false, false, false, false)
close_session()
quit()
