package phone

import (
	"time"

	"rexbatch/internal/ledger"
)

// maxGreeting is how old a greeting may be, by the server's clock: one delivery over a slow network.
const maxGreeting = 5 * time.Minute

// Greeting is how a phone names itself at a delivery: signed, and with its clock, so that nobody else learns how the
// shipment stands or delivers in its name.
type Greeting struct {
	Phone string
	Site  string
	Sent  time.Time // the phone's clock
}

type greeting struct {
	V        int    `json:"v"`
	Hello    string `json:"hello"`
	Site     string `json:"site"`
	Sent     string `json:"sent"`
	OffsetMS int64  `json:"offset_ms"` // server minus phone, just asked for
}

// ReadGreeting reads what a greeting says, before its key is known. It proves nothing: OpenGreeting does.
func ReadGreeting(e Envelope) (Greeting, error) {
	g, err := readGreeting(e)
	if err != nil {
		return Greeting{}, err
	}
	sent, err := time.Parse(time.RFC3339Nano, g.Sent)
	if err != nil {
		return Greeting{}, refuseForm("its time is none")
	}
	return Greeting{Phone: g.Hello, Site: g.Site, Sent: sent.UTC()}, nil
}

func readGreeting(e Envelope) (greeting, error) {
	var g greeting
	if len(e.Payload) > maxPayload {
		return g, refuseForm("it is longer than 8 KiB")
	}
	err := strict(e.Payload, &g)
	if err != nil {
		return g, refuseForm(err.Error())
	}
	if g.V != Format || g.Hello != e.Phone || !phoneIDs.MatchString(g.Hello) || g.OffsetMS < -maxOffset || g.OffsetMS > maxOffset {
		return g, refuseForm("it is no greeting")
	}
	return g, nil
}

// OpenGreeting verifies a greeting by the phone's key at the time at which it arrived. One that was kept and sent
// again later is refused (CS-38). It returns how far the phone's clock is behind the server's.
func OpenGreeting(e Envelope, key Key, now time.Time) (time.Duration, error) {
	err := verify(e, key)
	if err != nil {
		return 0, err
	}
	g, err := readGreeting(e)
	if err != nil {
		return 0, err
	}
	sent, err := time.Parse(time.RFC3339Nano, g.Sent)
	if err != nil {
		return 0, refuseForm("its time is none")
	}
	age := now.Sub(sent.Add(milliseconds(g.OffsetMS)))
	if age.Abs() > maxGreeting {
		return 0, ledger.Refuse(ledger.Unauthorised, "CS-38", "phone-greeting", "this delivery was prepared too long ago", "deliver again")
	}
	return now.Sub(sent), nil
}
