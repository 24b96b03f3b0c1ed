package pages

import "rexbatch/batch"

// state is a status as people see it: a shape, a word and a tone, never a colour alone (screens, rule 18).
type state struct {
	Icon string // name of a shape in the part "icon"
	Word string
	Tone string // "", "now", "att" or "stop"
}

var stateIcons = map[batch.Status]string{
	batch.NotApplicable: "dash", batch.Waiting: "ring", batch.Open: "play", batch.Stopped: "octagon", batch.ToVerify: "two", batch.Done: "tick",
	batch.Interrupted: "pause", batch.Cancelled: "dash", batch.Skipped: "dash",
}

// state is the status of a step; mine says that this person has to act on it now.
func (v *visit) state(s batch.Status, mine bool) state {
	out := state{Icon: stateIcons[s], Word: v.word("status", string(s))}
	switch {
	case s == batch.Stopped:
		out.Tone = "stop"
	case s == batch.Interrupted:
		out.Tone = "att"
	case mine && s != batch.Done && s != batch.NotApplicable && s != batch.Skipped && s != batch.Cancelled:
		out.Tone = "now"
	}
	return out
}
