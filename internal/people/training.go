package people

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"rexbatch/internal/ledger"
)

const (
	maxVersion  = 16  // characters of a procedure's version
	maxEvidence = 200 // characters that say where the proof of a training lies
)

// procedures are the codes under which a site keeps its courses and procedures: "SOP-PRD-013", "GOWN-B".
var procedures = regexp.MustCompile(`^[A-Z0-9-]{3,24}$`)

// Training is a person's qualification for one procedure, as a trainer attested it (CS-2, AT-52). Its days are days
// of the site's calendar, both included.
type Training struct {
	Procedure string `json:"procedure"`
	Version   string `json:"version"` // of the procedure that was trained
	From      string `json:"from"`    // first day, "2026-10-08"
	Until     string `json:"until"`   // last day
	Trainer   string `json:"trainer"` // who trained or assessed
	Evidence  string `json:"evidence"`
}

// RecordTraining enters that the person was trained. It needs the permission RecordTraining; nobody records their
// own (CS-2). A later record of the same procedure adds to an earlier one, so that a renewal made in advance leaves
// no gap.
func (d *Directory) RecordTraining(ctx context.Context, by ledger.Author, username string, t Training) (Person, error) {
	err := d.checkTraining(t)
	if err != nil {
		return Person{}, err
	}
	return d.train(ctx, by, username, func(account) (ledger.Draft, error) {
		return ledger.Draft{Type: TypeTrained, Data: trained(t)}, nil
	})
}

// RevokeTraining takes the person's qualification for a procedure away, from now on, whatever was recorded for it.
func (d *Directory) RevokeTraining(ctx context.Context, by ledger.Author, username, procedure string, why Why) (Person, error) {
	err := why.check()
	if err != nil {
		return Person{}, err
	}
	return d.train(ctx, by, username, func(a account) (ledger.Draft, error) {
		if !slices.ContainsFunc(a.Trainings, func(t Training) bool { return t.Procedure == procedure }) {
			return ledger.Draft{}, ledger.Refuse(ledger.Stale, "CS-2", "training-none",
				"There is no training in {procedure} of {name} to take away.", "Look at the training record again.",
				"procedure", printed(procedure), "name", a.Name)
		}
		return ledger.Draft{Type: TypeTrainingRevoked, Data: trainingRevoked{Procedure: procedure, ground: groundOf(why)}}, nil
	})
}

// Training returns nil when the account is trained in the procedure at that time. Otherwise it is a *Refusal that
// names the missing course: training-missing, training-early or training-expired (CS-2, AT-52).
func (d *Directory) Training(ctx context.Context, account, procedure string, at time.Time) error {
	a, err := d.existing(ctx, account)
	if err != nil {
		return err
	}
	return d.person(a).trainedIn(procedure, d.day(at))
}

// trainedIn says why the person may not do what needs the procedure on that day.
func (p Person) trainedIn(procedure, day string) error {
	var own []Training
	for _, t := range p.Trainings {
		if t.Procedure != procedure {
			continue
		}
		if t.From <= day && day <= t.Until {
			return nil
		}
		own = append(own, t)
	}
	if len(own) == 0 {
		return ledger.Refuse(ledger.Forbidden, "CS-2", "training-missing",
			"{name} has no training in {procedure}.", "Ask somebody who is trained in it, or have the training recorded first.",
			"name", p.Name, "procedure", printed(procedure))
	}
	latest := slices.MaxFunc(own, func(a, b Training) int { return cmp.Compare(a.Until, b.Until) })
	if latest.Until >= day {
		return ledger.Refuse(ledger.Forbidden, "CS-2", "training-early",
			"The training of {name} in {procedure} is valid from {from} only.", "Ask somebody who is trained in it today.",
			"name", p.Name, "procedure", procedure, "from", latest.From)
	}
	return ledger.Refuse(ledger.Forbidden, "CS-2", "training-expired",
		"The training of {name} in {procedure} expired on {until}.", "Ask somebody who is trained in it, or have the training renewed first.",
		"name", p.Name, "procedure", procedure, "until", latest.Until)
}

// day is the day of the site's calendar at that time.
func (d *Directory) day(at time.Time) string { return at.In(d.opt.Zone).Format(time.DateOnly) }

// checkTraining collects everything that stands against a record of training.
func (d *Directory) checkTraining(t Training) error {
	var faults ledger.Refusals
	if !procedures.MatchString(t.Procedure) {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "CS-2", "procedure-invalid",
			"{procedure} is not the code of a procedure.", "Use 3 to 24 capital letters, digits and hyphens.", "procedure", printed(t.Procedure)))
	}
	from, err := time.Parse(time.DateOnly, t.From)
	until, late := time.Parse(time.DateOnly, t.Until)
	if err != nil || late != nil || until.Before(from) || until.After(from.AddDate(5, 0, 0)) {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "CS-2", "training-period",
			"A training cannot be valid from {from} until {until}.", "Give two days, the second not before the first and at most five years later.",
			"from", printed(t.From), "until", printed(t.Until)))
	}
	for _, text := range []struct {
		part, text string
		most       int
	}{{"version", t.Version, maxVersion}, {"trainer", t.Trainer, maxName}, {"evidence", t.Evidence, maxEvidence}} {
		why := d.lineFault(text.text, text.most)
		if why != "" {
			faults = append(faults, ledger.Refuse(ledger.Invalid, "CS-2", "training-incomplete",
				"Missing in the record of the training: {part} ({why}).", "Enter which version was trained, who trained, and where the proof lies.",
				"part", text.part, "why", why))
		}
	}
	return faults.Err()
}

// lineFault is textFault for what may also be printed on paper.
func (d *Directory) lineFault(s string, most int) string {
	why := textFault(s, most)
	if why != "" {
		return why
	}
	err := d.opt.Printable(s)
	if err != nil {
		return err.Error()
	}
	return ""
}

// train makes one change of another person's qualification.
func (d *Directory) train(
	ctx context.Context, by ledger.Author, username string, decide func(account) (ledger.Draft, error),
) (Person, error) {
	username = fold(username)
	_, err := ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		err := d.mayTrain(ctx, by, username)
		if err != nil {
			return ledger.Append{}, err
		}
		a, err := d.existing(ctx, username)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, err := decide(a)
		if err != nil {
			return ledger.Append{}, err
		}
		return d.addition(a, by, nil, draft)
	})
	if err != nil {
		return Person{}, fmt.Errorf("change the training of %s: %w", printed(username), err)
	}
	return d.Person(ctx, username)
}

// mayTrain asks the record whether the author attests training now, and lets nobody attest their own (CS-2).
func (d *Directory) mayTrain(ctx context.Context, by ledger.Author, username string) error {
	held, err := d.holds(ctx, by, RecordTraining)
	if err != nil {
		return err
	}
	if !held {
		return ledger.Refuse(ledger.Forbidden, "CS-2", "training-not-yours",
			"Training is recorded by quality assurance or a head of department.", "Ask one of them.")
	}
	if by.Account == username {
		return ledger.Refuse(ledger.Forbidden, "CS-2", "training-own",
			"Nobody records their own training.", "Ask another person to record it.")
	}
	return nil
}

// holds asks the record, not the caller, whether the author's role allows the act now (CS-66). The system may
// whatever the operating system's user may.
func (d *Directory) holds(ctx context.Context, by ledger.Author, act Permission) (bool, error) {
	if by.Account == systemAccount && by.Role == SystemRole {
		return true, nil
	}
	a, err := d.load(ctx, by.Account)
	if err != nil {
		return false, err
	}
	role := Role(by.Role)
	return a.exists() && role.May(act) && d.person(a).mayAct(role) == nil, nil
}

// withTraining adds a record, in place of those of the same procedure that lie within it. Of one procedure the four
// that end last are kept; the entries have them all.
func withTraining(all []Training, t Training) []Training {
	var kept, same []Training
	for _, old := range all {
		switch {
		case old.Procedure != t.Procedure:
			kept = append(kept, old)
		case old.From < t.From || old.Until > t.Until:
			same = append(same, old)
		}
	}
	same = append(same, t)
	slices.SortStableFunc(same, func(a, b Training) int { return cmp.Compare(a.Until, b.Until) })
	kept = append(kept, same[max(0, len(same)-4):]...)
	slices.SortStableFunc(kept, func(a, b Training) int {
		return cmp.Or(cmp.Compare(a.Procedure, b.Procedure), cmp.Compare(a.From, b.From))
	})
	return kept
}
