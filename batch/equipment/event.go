package equipment

import (
	"time"

	"rexbatch/internal/ledger"
)

// The types of entry in a device's stream.
const (
	typeRegistered  = "equipment.registered"
	typeCalibrated  = "equipment.calibrated"
	typeQualified   = "equipment.qualified"
	typeCleaned     = "equipment.cleaned"
	typeControlled  = "equipment.controlled"
	typeAlarm       = "equipment.alarm-raised"
	typeAlarmClosed = "equipment.alarm-closed"
	typeProgramme   = "equipment.programme-approved"
	typeRetired     = "equipment.retired"
	typeUsed        = "equipment.used"
	typeReversed    = "equipment.use-reversed"
)

// checkTypes are the entry types of the checks.
var checkTypes = map[Check]string{
	Qualification: typeQualified, Calibration: typeCalibrated, Cleaning: typeCleaned, DailyControl: typeControlled,
}

type registered struct {
	ID    ID            `json:"id"`
	Kind  string        `json:"kind"`
	Name  string        `json:"name"`
	Area  string        `json:"area"`
	Needs []Check       `json:"needs,omitempty"`
	Due   map[Check]Due `json:"due,omitempty"`
}

// checked is the data of every check.
type checked struct {
	At        time.Time `json:"at"`
	Passed    bool      `json:"passed"`
	Due       Due       `json:"due,omitzero"`
	AsFound   AsFound   `json:"as_found,omitempty"`
	Reference string    `json:"reference,omitempty"`
	Remark    string    `json:"remark,omitempty"`
}

type alarmRaised struct {
	Code  string    `json:"code"`
	Text  string    `json:"text"`
	At    time.Time `json:"at"`
	Batch string    `json:"batch,omitempty"`
	Step  string    `json:"step,omitempty"`
}

type alarmClosed struct {
	Alarm    int      `json:"alarm"`
	Decision Decision `json:"decision"`
	Reason   string   `json:"reason"`
}

type programmeApproved struct {
	Programme string `json:"programme"`
	Version   string `json:"version,omitempty"`
	Reason    string `json:"reason"`
}

type retired struct {
	Reason string `json:"reason"`
}

type used struct {
	Batch            string    `json:"batch"`
	CoI              string    `json:"coi"`
	Subject          string    `json:"subject"`
	Step             string    `json:"step"`
	Until            time.Time `json:"until,omitzero"`
	Programme        string    `json:"programme,omitempty"`
	ProgrammeVersion string    `json:"programme_version,omitempty"`
	At               time.Time `json:"at,omitzero"` // when it was used, where that was recorded later
}

type reversed struct {
	Use    uint64 `json:"use"`
	Reason string `json:"reason"`
}

// Record is one check as it was recorded.
type Record struct {
	Check     Check
	At        time.Time // when it was made
	Passed    bool
	Due       Due
	AsFound   AsFound // of a calibration
	Reference string  // certificate or report
	Remark    string
	Recorded  time.Time
	By        ledger.Author
}

// Alarm is one alarm of a device. It blocks the device until it is closed (process scenario 21).
type Alarm struct {
	Number   int           `json:"number"` // in the device, from 1
	Code     string        `json:"code"`
	Text     string        `json:"text"`
	At       time.Time     `json:"at"`              // on the device's display
	Batch    string        `json:"batch,omitempty"` // in whose work it happened
	Step     string        `json:"step,omitempty"`
	By       ledger.Author `json:"by"`
	Decision Decision      `json:"decision,omitempty"` // empty while it is open
	Reason   string        `json:"reason,omitempty"`
	ClosedBy ledger.Author `json:"closed_by,omitzero"`
	ClosedAt time.Time     `json:"-"` // the time of an entry is in no view
}

// Programme is the approval of one version of a programme; an empty Version takes the approval back.
type Programme struct {
	Programme, Version, Reason string
	At                         time.Time
	By                         ledger.Author
}

// Use is one use of the device for a batch.
type Use struct {
	Batch            string
	CoI              string
	Subject          string // trial subject number, never a name
	Step             string
	Until            time.Time // planned end; zero when none was planned
	Programme        string
	ProgrammeVersion string
	At               time.Time // of the use; that of its entry, unless the batch was corrected later
	By               ledger.Author
	Entry            uint64 // version in the device's stream: by this Reverse speaks of it
	Reversed         string // reason for which it turned out not to have happened; empty while it stands
	ReversedBy       ledger.Author
	ReversedAt       time.Time
}

// Finding is a failed check that throws doubt on earlier uses (process scenarios 23 and 33).
type Finding struct {
	Check  Check
	At     time.Time // when the check failed
	Since  time.Time // the last time it was passed; zero when never, so that every use is in doubt
	Remark string
	Uses   []Use // since then
}

// Batches are the batches in doubt, each once, in the order of their first use.
func (f Finding) Batches() []string {
	var out []string
	seen := map[string]bool{}
	for _, u := range f.Uses {
		if !seen[u.Batch] {
			seen[u.Batch] = true
			out = append(out, u.Batch)
		}
	}
	return out
}
