package pages

import (
	"html/template"
	"maps"
	"net/http"
	"slices"

	"rexbatch/batch/equipment"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/people"
)

// devicePage is one device: what it is, how it stands, what may be done with it, what it was used for.
type devicePage struct {
	frame
	deviceLine
	Tag        template.HTML // what the tag on the device says
	Checks     []deviceStanding
	Programmes []deviceProgramme
	Alarms     []deviceAlarm // open ones
	Findings   []deviceFinding
	Uses       []deviceUse // newest first
	Hidden     int         // uses that are not shown
	History    []deviceEvent
	Actions    []deviceAction
}

// deviceStanding is where the device stands with one check.
type deviceStanding struct {
	Name  string
	State state
	At    string
	Due   *clock
}

type deviceProgramme struct{ Name, Version string }

// deviceAlarm is an open alarm; whoever may decide on it is asked to.
type deviceAlarm struct {
	Number                     int
	Code, Text, At, Who        string
	Batch, Step                string
	Close                      string // path; empty for those who only see it
	Decision, Reason, Lot, Now string
}

type deviceUse struct {
	Mark                             Mark
	Batch, Subject, CoI, Step, Until string
	At, UTC, Who, Account, Programme string
	Reversed                         string // reason for which it turned out not to have happened
}

// deviceFinding is a failed check that throws doubt on earlier uses.
type deviceFinding struct {
	Check, At, Since, Remark string
	Batches                  []deviceDoubt
}

type deviceDoubt struct{ Batch, Subject string }

// usesShown bounds the table of uses; all of them are shown when asked for.
const usesShown = 50

// deviceShow is GET /equipment/:device.
func (v *visit) deviceShow() error { return v.devicePage(http.StatusOK) }

// devicePage shows the device, after a refusal with its problems.
func (v *visit) devicePage(code int, problems ...Problem) error {
	id, err := equipment.ParseID(v.Param("device"))
	if err != nil {
		return err
	}
	d, err := v.plant().Batches.Equipment().Load(v.ctx(), id)
	if err != nil {
		return err
	}
	p := devicePage{
		frame: v.frame("equipment", d.Name, problems...), deviceLine: v.deviceLine(&d.Sheet), Checks: v.deviceStandings(&d.Sheet),
		Alarms: v.deviceAlarms(d), History: v.deviceHistory(d), Actions: v.deviceActions(&d.Sheet),
	}
	for _, name := range slices.Sorted(maps.Keys(d.Programmes)) {
		p.Programmes = append(p.Programmes, deviceProgramme{name, d.Programmes[name]})
	}
	p.Tag, err = matrix(string(d.ID))
	if err != nil {
		return err
	}
	uses := d.Uses
	if len(uses) > usesShown && v.QueryParam("all") == "" {
		p.Hidden = len(uses) - usesShown
		uses = uses[p.Hidden:]
	}
	for _, u := range slices.Backward(uses) {
		use, err := v.deviceUse(u)
		if err != nil {
			return err
		}
		p.Uses = append(p.Uses, use)
	}
	for _, f := range slices.Backward(d.Findings) {
		p.Findings = append(p.Findings, v.deviceFinding(f))
	}
	return v.render(code, "device", p)
}

func (v *visit) deviceStandings(s *equipment.Sheet) []deviceStanding {
	var out []deviceStanding
	for _, check := range equipment.Checks() {
		standing, recorded := s.Standing[check]
		if !recorded && !s.Needed(check) {
			continue
		}
		line := deviceStanding{Name: v.word("check", string(check)), At: moment(standing.At, v.zone())}
		switch {
		case !recorded:
			line.State = state{Icon: "ring", Tone: "att", Word: v.T("device.missing")}
		case !standing.Passed:
			line.State = state{Icon: "octagon", Tone: "stop", Word: v.T("device.fail")}
		case check == equipment.DailyControl && !v.now().Before(standing.Due.End):
			line.State = state{Icon: "ring", Word: v.T("against.device-control-missing")}
		default:
			line.State = state{Icon: "tick", Word: v.T("device.pass")}
		}
		if recorded && standing.Passed && !standing.Due.IsZero() {
			line.Due = v.dueClock(check, standing.Due)
			line.Due.Name = "" // it stands in front
		}
		if check == equipment.DailyControl && line.Due != nil {
			line.Due.Left, line.Due.Tone = "", "" // it is made anew every day
		}
		out = append(out, line)
	}
	return out
}

func (v *visit) deviceAlarms(d *equipment.Device) []deviceAlarm {
	var out []deviceAlarm
	for _, a := range d.Open {
		line := deviceAlarm{
			Number: a.Number, Code: a.Code, Text: a.Text, At: moment(a.At, v.zone()), Who: v.full(a.By.Account), Batch: a.Batch, Step: a.Step,
		}
		if v.has(people.ProductionLead) {
			line.Close = alarmPath(d.ID, a.Number)
		}
		if v.Request().URL.Path == line.Close {
			line.Decision, line.Reason, line.Lot = v.FormValue("decision"), v.FormValue("reason"), v.FormValue("lot")
		}
		out = append(out, line)
	}
	return out
}

func (v *visit) deviceUse(u equipment.Use) (deviceUse, error) {
	out := deviceUse{
		Batch: u.Batch, Subject: u.Subject, Step: u.Step, Until: moment(u.Until, v.zone()), At: moment(u.At, v.zone()),
		Who: v.full(u.By.Account), Reversed: u.Reversed,
	}
	if u.Programme != "" {
		out.Programme = u.Programme + " " + u.ProgrammeVersion
	}
	coi, err := isbt128.ParseCoI(u.CoI)
	if err != nil {
		return out, err
	}
	out.Mark, out.CoI = MarkOf(coi), coi.Print()
	return out, nil
}

func (v *visit) deviceFinding(f equipment.Finding) deviceFinding {
	out := deviceFinding{Check: v.word("check", string(f.Check)), At: moment(f.At, v.zone()), Since: moment(f.Since, v.zone()), Remark: f.Remark}
	subjects := map[string]string{}
	for _, u := range f.Uses {
		subjects[u.Batch] = u.Subject
	}
	for _, b := range f.Batches() {
		out.Batches = append(out.Batches, deviceDoubt{b, subjects[b]})
	}
	return out
}
