package pages

import (
	"fmt"
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// strip is the identity that stays on top of every page of a batch (screens, rules 1 and 2).
type strip struct {
	Mark           Mark
	CoI            string // without its check character: that is on the label alone, and stands for having read it (ID-12)
	Subject, Batch string
	Plant          string
	Recipe         string
	Expiry         *clock
	Who, Role      string
}

// strip is the identity of a batch; acting is the role in which the person works on it.
func (v *visit) strip(b *batch.Batch, acting people.Role) strip {
	role := v.roles(v.desk.Session.Roles)
	if v.has(acting) {
		role = v.word("role", string(acting))
	}
	return strip{
		Mark: MarkOf(b.CoI), CoI: strings.TrimSpace(strings.TrimSuffix(b.CoI.Print(), string(b.CoI.Check()))), Subject: b.Subject, Batch: b.Number, Plant: v.plantName(),
		Recipe: fmt.Sprintf("%s v%d", b.Recipe.ID, b.Recipe.Version), Expiry: v.expiry(b), Who: v.desk.Session.Name, Role: role,
	}
}

// Fields of the recipe from which clocks are read. A recipe without them has no such clock.
const (
	collectedRef  = "S05.last_pull_at"
	receivedRef   = "S09.received_at"
	formulatedRef = "S32.formulated_at"
	expiryRef     = "S35.expiry"
	expiryParam   = "expiry_from_collection"
)

// expiry is the computed expiry, or before that the latest that it can be.
func (v *visit) expiry(b *batch.Batch) *clock {
	if c, ok := b.Value(expiryRef); ok {
		t, err := c.Value.Time()
		if err == nil {
			out := v.deadline(v.T("clock.expiry"), t, v.now(), v.zone(), soon)
			out.Source = v.T("clock.from", "formula", c.Formula)
			return &out
		}
	}
	c, ok := b.Value(collectedRef)
	p, known := b.Recipe.Parameters[expiryParam]
	if !ok || !known {
		return nil
	}
	t, err := c.Value.Time()
	if err != nil {
		return nil
	}
	d, err := p.Value.Duration()
	if err != nil {
		return nil
	}
	out := v.deadline(v.T("clock.latest"), t.Add(d), v.now(), v.zone(), soon)
	out.Source = v.T("clock.latest.from", "span", v.quantity(p.Value))
	return &out
}

// clocks are the times that a person at this batch has to keep in mind.
func (v *visit) clocks(b *batch.Batch) []clock {
	var out []clock
	if e := v.expiry(b); e != nil {
		out = append(out, *e)
	}
	for _, c := range []struct{ ref, name string }{
		{collectedRef, "clock.collected"}, {receivedRef, "clock.received"}, {formulatedRef, "clock.formulated"},
	} {
		captured, ok := b.Value(c.ref)
		if !ok {
			continue
		}
		t, err := captured.Value.Time()
		if err == nil {
			out = append(out, v.since(v.T(c.name), t, v.now(), v.zone()))
		}
	}
	return out
}
