package area

import (
	"regexp"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// Plate is a medium that stood open in the area, or was pressed on it, and shows days later what grows (AT-50).
type Plate struct {
	ID       string    `json:"id"` // as on its label; never used again
	Kind     Kind      `json:"kind"`
	Position string    `json:"position"` // e.g. "left of the centrifuge", "right glove"
	From     time.Time `json:"from"`     // the window for which it speaks
	To       time.Time `json:"to"`

	Result *Reading `json:"-"` // nil until it is read
	By     string   `json:"-"` // account of who placed it
	Seq    uint64   `json:"-"`
}

var plateForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,31}$`)

const (
	maxPosition = 80
	maxNote     = 200
	maxColonies = 9999
)

// Plate finds a plate.
func (a *Area) Plate(id string) (Plate, bool) {
	for _, p := range a.Plates {
		if p.ID == id {
			return p, true
		}
	}
	return Plate{}, false
}

// Waiting are the plates without a result, in order of placing.
func (a *Area) Waiting() []Plate {
	var out []Plate
	for _, p := range a.Plates {
		if p.Result == nil {
			out = append(out, p)
		}
	}
	return out
}

// Place decides that a plate stood in the area and now waits for its result. Its window is over: a plate is recorded when
// it is taken away.
func (a *Area) Place(now time.Time, p Plate) (ledger.Draft, error) {
	if !p.Kind.Grows() {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "AT-50", "plate-kind", "a plate is a settle plate, a contact plate or a glove plate", "choose one of them")
	}
	if !plateForm.MatchString(p.ID) {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "AT-50", "plate-id", "a plate's number has 2 to 32 capital letters, digits and hyphens", "type it as it stands on the plate")
	}
	if _, ok := a.Plate(p.ID); ok {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "AT-50", "plate-known", "plate {plate} is already in the record of work area {area}", "check the number on the plate", "plate", p.ID, "area", a.ID)
	}
	p.Position = strings.TrimSpace(p.Position)
	if p.Position == "" || len(p.Position) > maxPosition || paper.Printable(p.Position) != nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "AT-50", "plate-position", "a plate needs its position: 1 to 80 printable characters", "say where it stood, or whose glove it was")
	}
	p.From, p.To = p.From.UTC(), p.To.UTC()
	err := window(p.From, p.To, now)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typePlaced, Data: placed{Plate: p}, Takes: []string{claimPlate + p.ID}}, nil
}

// Read decides the result of a plate: how many colonies grew, and what they are when that is known. It says which
// batches it concerns, however long ago they left the area.
func (a *Area) Read(source, id string, colonies int, note string) (ledger.Draft, []Excursion, error) {
	p, ok := a.Plate(id)
	if !ok {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Missing, "AT-50", "no-plate", "plate {plate} is not in the record of work area {area}", "check the number; a plate is recorded when it is taken away", "plate", printable(id), "area", a.ID)
	}
	if p.Result != nil {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Unmet, "AT-50", "plate-read", "plate {plate} was already read: {count} colonies", "a result stands; if it is wrong, tell QA", "plate", p.ID, "count", p.Result.Value.Number())
	}
	if colonies < 0 || colonies > maxColonies {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Invalid, "AT-50", "plate-count", "a plate has 0 to 9999 colonies", "count them; a plate that is grown over has 9999")
	}
	note = strings.TrimSpace(note)
	if len(note) > maxNote || paper.Printable(note) != nil {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Invalid, "AT-50", "plate-note", "what grew is told in at most 200 printable characters", "name the organism, or leave it empty")
	}
	r := Reading{
		Kind: p.Kind, Value: quantity.New(int64(colonies), 0, p.Kind.Unit()), Limits: a.LimitsOf(p.Kind), From: p.From, To: p.To,
		Source: source, Plate: p.ID, Position: p.Position, Note: note,
	}
	return ledger.Draft{Type: typePlateRead, Data: plateRead{Reading: r}}, a.excursions(r), nil
}
